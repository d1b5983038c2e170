/** What stands in the way of reading one store of the AddressBook, in words; pure. */
import { LiveSyncError } from "../model/errors.ts";
import { FULL_DISK_ACCESS, SYSTEM } from "../platform/full_disk_access.ts";
import { SQLITE, SqliteError } from "../sqlite/sqlite.ts";
import type { SourceFileState } from "./source_files.ts";

const REOPEN = "Quit and reopen Contacts. The other accounts are read meanwhile, and nobody is forgotten.";

/** A file that SQLite needn't even try: `contacts_missing`, `contacts_forbidden` or `contacts_unreadable`. */
export function storeObstacle(
  seen: Exclude<SourceFileState, { kind: "present" }>,
  path: string,
): LiveSyncError {
  const said = (code: string, hint: string) =>
    new LiveSyncError(code, `Cannot read the contacts in ${path}: ${seen.reason}`, hint);
  switch (seen.kind) {
    case "missing":
      return said("contacts_missing", "Name the AddressBook's folder with --addressbook-dir.");
    case "forbidden":
      return said("contacts_forbidden", FULL_DISK_ACCESS);
    case "unusable":
      return said("contacts_unreadable", REOPEN);
  }
}

/** A database that is none of Contacts', or of a release that we don't know; `lacking`: "ZABCDRECORD.Z_ENT". */
export function unknownShape(path: string, lacking: readonly string[]): LiveSyncError {
  return new LiveSyncError(
    "contacts_unknown_shape",
    `Cannot read the contacts in ${path}: it has no ${lacking.join(", ")}`,
    "This version may not know your macOS release yet: look for a newer one. Nobody is forgotten meanwhile.",
  );
}

/** What SQLite said when it opened or read the store; anything else is given back as it is. */
export function storeError(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteError)) return error;
  const said = (code: string, reason: string, hint: string) =>
    new LiveSyncError(code, `Cannot read the contacts in ${path}: ${reason}`, hint, { cause: error });
  switch (error.resultCode) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return said("contacts_locked", "another program holds a lock on it", "It is tried again by itself.");
    case SQLITE.NOTADB:
      return said("contacts_damaged", "it is no SQLite database", REOPEN);
    case SQLITE.CORRUPT:
      return said("contacts_damaged", "it is damaged", REOPEN);
    case SQLITE.AUTH:
    case SQLITE.PERM:
    case SQLITE.CANTOPEN:
      return said("contacts_forbidden", `${SYSTEM} did not allow this program to open it`, FULL_DISK_ACCESS);
    default:
      return said("contacts_unreadable", `SQLite reports error ${error.extendedCode}`, REOPEN);
  }
}
