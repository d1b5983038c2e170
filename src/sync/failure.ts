/** What a failure of a catch-up means for the person: code, reason and hint in plain words; pure. */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncState } from "../model/events.ts";
import { SQLITE, SqliteError } from "../sqlite/sqlite.ts";

const ANY_HINT =
  "It is tried again. If it stays so, start this program again, and report it if that does not help.";

/**
 * A SqliteError of our own database in words (blame.ts finds out whose it is); any other LiveSyncError has its own
 * already. There is always a hint.
 */
export function explainFailure(error: LiveSyncError): LiveSyncError {
  if (!(error instanceof SqliteError)) {
    return error.hint !== ""
      ? error
      : new LiveSyncError(error.code, error.message, ANY_HINT, { cause: error });
  }
  const said = (code: string, message: string, hint: string) =>
    new LiveSyncError(code, message, hint, { cause: error });
  switch (error.resultCode) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return said(
        "database_locked",
        "Cannot write our database: another program has locked it",
        "Close whatever has it open for writing. Syncing resumes automatically.",
      );
    case SQLITE.FULL:
      return said(
        "disk_full",
        "Cannot write our database: the disk is full",
        "Free some space; nothing committed is lost. Syncing resumes automatically.",
      );
    case SQLITE.READONLY:
      return said(
        "database_read_only",
        "Cannot write our database: the file or its folder is read-only",
        "Make both writable for yourself. Syncing resumes automatically.",
      );
    case SQLITE.IOERR:
      return said(
        "disk_error",
        `Cannot sync: the disk reports an error (SQLite ${error.extendedCode})`,
        "Check the disk; it is tried again.",
      );
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return said(
        "damaged",
        "Cannot sync: our database is damaged; Messages' is fine",
        "Stop this program, move our database away and start again: everything is read from Messages anew.",
      );
    default:
      // SQLite's words name tables and columns, never what stands in them.
      return said("sync_failed", `Cannot sync: SQLite reports: ${error.message}`, ANY_HINT);
  }
}

/** Somebody else's lock, mostly short work: no state and no noise before it has lasted. */
export function isLock(error: LiveSyncError): boolean {
  return error instanceof SqliteError ? error.isBusy : error.code === "source_locked";
}

export function stateOfFailure(error: LiveSyncError): SyncState {
  if (error.code === "source_missing") return "source_missing";
  if (error.code === "needs_permission") return "needs_permission";
  return "failed";
}

/** Whether the failure is our own database's; Messages' is well then. */
export function isOurs(failure: LiveSyncError): boolean {
  return failure.code !== "needs_permission" && !failure.code.startsWith("source_");
}
