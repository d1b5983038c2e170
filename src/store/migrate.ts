/**
 * Brings our schema up to date, before any source is attached. Each migration is one transaction together with its
 * `user_version`, so that one that was cut off leaves the version before it, and the next start goes on from there.
 */
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import { fileTrouble } from "../platform/file_failure.ts";
import { integer } from "../sqlite/row.ts";
import { type Connection, SQLITE, SqliteError } from "../sqlite/sqlite.ts";
import { makeBackup } from "./backup.ts";
import initial from "./migrations/001_initial.sql" with { type: "text" };
import contacts from "./migrations/002_contacts.sql" with { type: "text" };
import conversations from "./migrations/003_conversations.sql" with { type: "text" };
import changes from "./migrations/004_changes.sql" with { type: "text" };
import readApi from "./migrations/005_read_api.sql" with { type: "text" };
import cardIndexes from "./migrations/006_card_indexes.sql" with { type: "text" };

/** "CSLS", so that `file` and others can tell whose database this is. */
export const APPLICATION_ID = 0x43534c53;

/** In order; `user_version` is how many were run. */
export const MIGRATIONS: readonly string[] = [
  initial,
  contacts,
  conversations,
  changes,
  readApi,
  cardIndexes,
];

export interface MigrateOptions {
  readonly migrations: readonly string[];
  readonly probe: (label: string) => void;
}

/**
 * Runs the migrations that `db` still needs and gives how many those were; a database that has something in it is
 * backed up first.
 *
 * Throws SqliteError when another connection holds a lock (nothing was done then); LiveSyncError `disk_full`,
 * `damaged`, `backup_failed` or `migration_failed`, each of which says where the backup is if there is one.
 */
export function migrate(db: Connection, options: MigrateOptions): number {
  const from = schemaVersion(db);
  let backup: string | null = null;
  for (let version = from; version < options.migrations.length; version++) {
    const step: Step = { from: version, sql: options.migrations[version] ?? "", isNew: from === 0, backup };
    // Taken once: where it came from is what the person may want back.
    backup = run(db, step, options.probe);
  }
  return Math.max(0, options.migrations.length - from);
}

export function schemaVersion(db: Connection): number {
  const row = db.prepare("PRAGMA main.user_version").get();
  return row === undefined ? 0 : integer(row, "user_version");
}

interface Step {
  readonly from: number;
  readonly sql: string;
  /** The database was made just now: there is nothing to keep. */
  readonly isNew: boolean;
  /** The backup that an earlier step of the same start made. */
  readonly backup: string | null;
}

/** Gives the path of the backup, null where there was nothing to keep. */
function run(db: Connection, step: Step, probe: (label: string) => void): string | null {
  let { backup } = step;
  try {
    db.transaction(() => {
      // Writes first: whoever holds a lock is met here, before a backup is made, and nobody writes after it is made.
      db.exec(
        `PRAGMA main.application_id = ${APPLICATION_ID}; PRAGMA main.user_version = ${
          Math.trunc(step.from + 1)
        }`,
      );
      if (!step.isNew) backup ??= backedUp(db.path, step.from, probe);
      db.exec(step.sql);
      probe("migration.before_commit");
    });
    return backup;
  } catch (error) {
    if (!(error instanceof SqliteError) || error.isBusy) throw error;
    throw migrationFailure(error, { path: db.path, from: step.from, backup });
  }
}

function backedUp(path: string, version: number, probe: (label: string) => void): string {
  try {
    return makeBackup(path, version, probe);
  } catch (error) {
    throw backupFailure(error, path);
  }
}

/** Pure. Exported for its test. */
export function backupFailure(cause: unknown, path: string): unknown {
  if (cause instanceof SqliteError && cause.isBusy) return cause;
  const said = (code: string, reason: string, hint: string) =>
    new LiveSyncError(code, `Cannot back up ${path} before its schema changes: ${reason}`, hint, { cause });
  const code = cause instanceof SqliteError ? cause.resultCode : null;
  if (code === SQLITE.FULL || fileTrouble(cause) === "disk_full") {
    return said(
      "disk_full",
      "the disk is full",
      "Free as much space as the database takes, and start again; nothing was changed.",
    );
  }
  if (code === SQLITE.CORRUPT || code === SQLITE.NOTADB) {
    return said(
      "damaged",
      "it is damaged",
      "Move it away and start again: everything is read from Messages anew. Nothing was changed.",
    );
  }
  return said(
    "backup_failed",
    `no file can be made beside it: ${errorMessage(cause)}`,
    "Make the folder writable for yourself and start again; nothing was changed.",
  );
}

/** Pure. `from` is the schema that stands. Exported for its test. */
export function migrationFailure(
  cause: SqliteError,
  at: { readonly path: string; readonly from: number; readonly backup: string | null },
): LiveSyncError {
  const doing = at.from === 0
    ? `make ${at.path}`
    : `bring ${at.path} from schema ${at.from} to ${at.from + 1}`;
  const kept = at.backup === null ? "" : ` A backup of it is ${at.backup}.`;
  if (cause.resultCode === SQLITE.FULL) {
    return new LiveSyncError(
      "disk_full",
      `Cannot ${doing}: the disk is full`,
      `Free some space and start again; nothing was changed.${kept}`,
      { cause },
    );
  }
  return new LiveSyncError(
    "migration_failed",
    `Cannot ${doing}: ${cause.message}`,
    `Nothing was changed. Start again; if it stays so, please report it.${kept}`,
    { cause },
  );
}
