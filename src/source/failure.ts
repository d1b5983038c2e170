/** What stands in the way of reading Messages' database, in words: code, reason and what to do; pure. */
import { LiveSyncError } from "../model/errors.ts";
import { SQLITE, type SqliteError } from "../sqlite/sqlite.ts";
import { SYSTEM } from "../platform/full_disk_access.ts";
import type { SourceFileState } from "./source_files.ts";

const OPEN_MESSAGES = "Open Messages once, or name its chat.db with --messages-db.";
const REOPEN =
  "Quit and reopen Messages; if it stays so, restore the file from a backup. Syncing resumes automatically.";

/**
 * A file that SQLite needn't even try: `source_missing`, `needs_permission` or `source_unreadable`. `permissionHint`:
 * who needs the permission, and how it is given.
 */
export function obstacleError(
  seen: Exclude<SourceFileState, { kind: "present" }>,
  path: string,
  permissionHint: string,
): LiveSyncError {
  switch (seen.kind) {
    case "missing":
      return new LiveSyncError(
        "source_missing",
        `Messages' database not found at ${path}: ${seen.reason}`,
        OPEN_MESSAGES,
      );
    case "forbidden":
      return new LiveSyncError(
        "needs_permission",
        `Cannot read ${path}: ${seen.reason}`,
        permissionHint,
      );
    case "unusable":
      return new LiveSyncError(
        "source_unreadable",
        `Cannot read ${path}: ${seen.reason}`,
        "Name Messages' chat.db with --messages-db, and check the disk that it is on. Syncing resumes automatically.",
      );
  }
}

/** An SQLite database that is not Messages'. `lacking`: as `table chat, handle`; `empty`: it has no table at all. */
export function notMessagesError(path: string, lacking: string, empty: boolean): LiveSyncError {
  return empty
    ? new LiveSyncError(
      "source_empty",
      `Cannot read ${path}: it is empty; Messages has not written to it yet`,
      `${OPEN_MESSAGES} Syncing resumes automatically.`,
    )
    : new LiveSyncError(
      "source_not_messages",
      `${path} is not a Messages database this program can read: it has no ${lacking}`,
      "Name Messages' chat.db with --messages-db. If it is this one, a newer macOS may have changed it: look for a newer version of this program.",
    );
}

/** The `-wal` or `-shm` was deleted while the database was in use, and Messages has not made both anew yet. */
export function walDeletedError(path: string): LiveSyncError {
  return new LiveSyncError(
    "source_wal_deleted",
    `Cannot read ${path}: its -wal or -shm file was deleted while it was in use`,
    "Quit and reopen Messages. Syncing resumes automatically.",
  );
}

/** What SQLite said when it read the file, with what a {@link SourceFileState} of a moment later tells of it. */
export function sourceError(
  error: SqliteError,
  path: string,
  seen: SourceFileState,
  permissionHint: string,
): LiveSyncError {
  if (seen.kind !== "present") return obstacleError(seen, path, permissionHint);
  const said = (code: string, reason: string, hint: string) =>
    new LiveSyncError(code, `Cannot read ${path}: ${reason}`, hint, { cause: error });
  switch (error.resultCode) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return said(
        "source_locked",
        "another program holds a lock on it",
        "Close whatever else has it open; if it stays so, quit and reopen Messages. Syncing resumes automatically.",
      );
    case SQLITE.AUTH:
    case SQLITE.PERM:
    case SQLITE.CANTOPEN:
      return said("needs_permission", `${SYSTEM} did not allow this program to open it`, permissionHint);
    case SQLITE.READONLY:
      // SQLite must make a -shm beside a database whose WAL nobody has open.
      return said(
        "source_folder_read_only",
        "its folder is read-only and Messages does not have it open",
        "Open Messages, or make the folder writable for yourself. Syncing resumes automatically.",
      );
    case SQLITE.NOTADB:
      return said("source_damaged", "it is no SQLite database", `Is it Messages' chat.db? ${REOPEN}`);
    case SQLITE.CORRUPT:
      return said("source_damaged", "it is damaged", REOPEN);
    case SQLITE.IOERR:
      return said(
        "source_disk_error",
        `the disk reports an error (SQLite ${error.extendedCode})`,
        "Check the disk that it is on. Syncing resumes automatically.",
      );
    default:
      return said(
        "source_unreadable",
        `SQLite reports: ${error.message}`,
        "It is tried again. If it stays so, quit and reopen Messages.",
      );
  }
}
