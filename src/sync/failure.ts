/** What a failure of a catch-up means for the person: code, reason and hint in plain words; pure. */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncState } from "../model/events.ts";
import { SQLITE, SqliteError } from "../platform/sqlite.ts";

/**
 * A SqliteError in words; any other LiveSyncError has its own already. SQLite does not say which of the two files it
 * was, so the words name both where that matters.
 */
export function explainFailure(error: LiveSyncError): LiveSyncError {
  if (!(error instanceof SqliteError)) return error;
  const said = (code: string, message: string, hint: string) =>
    new LiveSyncError(code, message, hint, { cause: error });
  switch (error.resultCode) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return said(
        "database_locked",
        "Cannot write as another program holds a lock on our database",
        "Close whatever has it open for writing; it goes on by itself.",
      );
    case SQLITE.FULL:
      return said(
        "disk_full",
        "Cannot write our database as the disk is full",
        "Free some space; it goes on by itself, and nothing committed is lost.",
      );
    case SQLITE.READONLY:
      return said(
        "database_read_only",
        "Cannot write our database as the file or its folder is read-only",
        "Make both writable for yourself; it goes on by itself.",
      );
    case SQLITE.IOERR:
      return said(
        "disk_error",
        `Cannot go on as the disk reports an error (SQLite ${error.extendedCode})`,
        "Check the disk; it is tried again.",
      );
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return said(
        "damaged",
        "Cannot go on as Messages' database or ours is damaged",
        "Quit and reopen Messages. If it stays so, stop this program and move our database away: it is made again.",
      );
    default:
      return error;
  }
}

export function stateOfFailure(error: LiveSyncError): SyncState {
  if (error.code === "source_missing") return "source_missing";
  if (error.code === "needs_permission") return "needs_permission";
  return "failed";
}

const OURS: readonly string[] = ["database_locked", "disk_full", "database_read_only", "disk_error"];

/** Whether the failure is our own database's; Messages' is well then. */
export function isOurs(failure: LiveSyncError): boolean {
  return OURS.includes(failure.code);
}
