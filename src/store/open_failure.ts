/** What it means for the person that our own database can't be opened or read: code, reason and hint in plain words. */
import { LiveSyncError } from "../model/errors.ts";
import { SQLITE, SqliteError } from "../sqlite/sqlite.ts";
import { findBackups } from "./backup.ts";

export type Doing = "open" | "read";

/** Refuses what is there and can't be a database: a folder, a pipe, a device. Throws LiveSyncError `not_a_file`. */
export function refuseOddFile(path: string, doing: Doing): void {
  const info = statUnlessFails(path);
  if (info === null || info.isFile) return;
  throw new LiveSyncError(
    "not_a_file",
    `Cannot ${doing} ${path}: it is ${info.isDirectory ? "a folder" : "not an ordinary file"}`,
    `Name a file with --database${info.isDirectory ? `, such as ${path}/chatstats.db` : ""}.`,
  );
}

/** A SqliteError of our own database in words; whatever else it is, is given back as it is. */
export function explainStoreFailure(error: unknown, path: string, doing: Doing): unknown {
  if (!(error instanceof SqliteError)) return error;
  const said = (code: string, reason: string, hint: string) =>
    new LiveSyncError(code, `Cannot ${doing} ${path}: ${reason}`, hint, { cause: error });
  switch (error.resultCode) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return said(
        "database_locked",
        "another program holds a lock on it",
        "Close whatever has it open, and start again.",
      );
    case SQLITE.FULL:
      return said("disk_full", ...NO_ROOM);
    case SQLITE.READONLY:
    case SQLITE.PERM:
      if (doing === "read") return said("database_unreadable", ...NOT_READ);
      return said(
        "database_read_only",
        "the file or its folder is read-only",
        "Make both writable for yourself, or name another file with --database.",
      );
    case SQLITE.CANTOPEN:
      return said("database_unreadable", ...whyNotOpened(path, doing));
    case SQLITE.IOERR:
      if (error.extendedCode === SHM_HAS_NO_ROOM) return said("disk_full", ...NO_ROOM);
      return said(
        "disk_error",
        `the disk reports an error (SQLite ${error.extendedCode})`,
        "Check the disk and start again.",
      );
    case SQLITE.NOTADB:
      return said("damaged", "it is no SQLite database or its beginning is damaged", mend(path));
    case SQLITE.CORRUPT:
      return said("damaged", "it is damaged", mend(path));
    default:
      return error;
  }
}

/** SQLITE_IOERR_SHMSIZE: there is no room for the -shm beside a database in WAL mode. */
const SHM_HAS_NO_ROOM = 4874;

const NO_ROOM: [reason: string, hint: string] = [
  "the disk is full",
  "Free some space and start again; nothing committed is lost.",
];

/** SQLite says "unable to open" for many a thing. */
function whyNotOpened(path: string, doing: Doing): [reason: string, hint: string] {
  if (statUnlessFails(path) === null) {
    return ["it is not there and can't be made", "Make sure that its folder is there and yours."];
  }
  if (doing === "open") {
    return ["the system did not allow it", "Make the file and its folder yours and writable."];
  }
  return NOT_READ;
}

const NOT_READ: [reason: string, hint: string] = [
  "the file may not be read, or its folder is read-only: SQLite must make a -shm file beside it",
  "Make the folder writable for yourself, or copy the database to another one and name it with --database.",
];

function mend(path: string): string {
  const backup = backupUnlessFails(path);
  const kept = backup === null ? "" : ` Or put its backup in its place: ${backup}.`;
  return "If it is ours, move it away and start again: everything is read from Messages anew; " +
    `else name another file with --database.${kept}`;
}

function backupUnlessFails(path: string): string | null {
  try {
    return findBackups(path)[0] ?? null;
  } catch {
    // These words are about another failure; a folder that can't be listed adds nothing to it.
    return null;
  }
}

function statUnlessFails(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    // Not there, or not to be seen: SQLite meets the same and says so.
    return null;
  }
}
