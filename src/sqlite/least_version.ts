/** Which SQLite the statements of the program need. The ordinary build has its own; the FFI build takes the system's. */
import { LiveSyncError } from "../model/errors.ts";
import { text } from "./row.ts";
import type { Connection } from "./sql_connection.ts";

/**
 * From 3.44 on `json_group_array(… ORDER BY …)` is understood, and there it still gives a text where JSON is meant
 * (measured with 3.44.x): 3.45 is the first that answers as the tests expect.
 */
const LEAST = { major: 3, minor: 45 } as const;
const LEAST_TEXT = `${LEAST.major}.${LEAST.minor}`;

/** The version of the library behind a connection: `3.53.2`. */
export function sqliteVersion(db: Connection): string {
  const row = db.prepare("SELECT sqlite_version() AS version").get();
  return row === undefined ? "?" : text(row, "version");
}

/** Pure. A version that can't be read passes: it is no reason not to start. */
export function isOldSqlite(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) < LEAST.major || (Number(major) === LEAST.major && Number(minor) < LEAST.minor);
}

/** What to do about it. */
export const OLD_SQLITE_HINT =
  `Name the library of SQLite ${LEAST_TEXT} or newer with DENO_SQLITE_PATH, or use the ordinary build, which has its own.`;

/** One sentence without its end. Pure. */
export function oldSqliteText(version: string): string {
  return `SQLite ${version} is too old: ${LEAST_TEXT} or newer is needed`;
}

/** Throws LiveSyncError `old_sqlite`: lists of the API would come as texts, or not at all. */
export function refuseOldSqlite(db: Connection): void {
  const version = sqliteVersion(db);
  if (isOldSqlite(version)) {
    throw new LiveSyncError("old_sqlite", `Cannot start: ${oldSqliteText(version)}`, OLD_SQLITE_HINT);
  }
}
