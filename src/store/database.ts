/**
 * Our own database: opened (made when there is none), migrated, with the pragmas that the contract names.
 * Migrations run before any source is attached; each is one transaction together with its `user_version`.
 */
import { LiveSyncError } from "../model/errors.ts";
import { integer } from "../platform/row.ts";
import { type Connection, openDatabase, SqliteError } from "../platform/sqlite.ts";
import initial from "./migrations/001_initial.sql" with { type: "text" };
import { STATE_KEYS, StateStore } from "./state.ts";

/** "CSLS", so that `file` and others can tell whose database this is. */
export const APPLICATION_ID = 0x43534c53;

/** In order; `user_version` is how many were run. */
const MIGRATIONS: readonly string[] = [initial];

export interface OpenDatabaseOptions {
  /** Makes the feed's UUID of a new database. */
  readonly randomUuid: () => string;
  readonly probe?: (label: string) => void;
}

/**
 * Opens the ChatStats database for writing.
 *
 * Throws {@link LiveSyncError} `newer_database` (made by a newer version), `foreign_database` (an SQLite file of
 * another program); SqliteError for the rest.
 */
export function openChatStatsDatabase(path: string, options: OpenDatabaseOptions): Connection {
  refuseForeignUnwritten(path);
  const db = openDatabase(path);
  try {
    refuseForeign(db, path);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    // Checkpoints every 16 MiB, fewer of them than by default: an import has less to wait for. A WAL that became larger
    // than that is cut back when it starts anew. Temporary tables need no file.
    db.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216");
    db.exec("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
    migrate(db, options.probe ?? (() => {}));
    const state = new StateStore(db);
    if (state.get(STATE_KEYS.feed) === null) state.set(STATE_KEYS.feed, options.randomUuid());
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the database for reading alone; it must exist and be of this version. */
export function openForReading(path: string): Connection {
  const db = openChecked(path);
  if (pragma(db, "user_version") > 0) return db;
  db.close();
  throw new LiveSyncError(
    "no_database",
    `Cannot read ${path} as it is empty`,
    "Start `chatstats-live-sync run` once, or name another file with --database.",
  );
}

/** Read-only; refuses what is not ours. */
function openChecked(path: string): Connection {
  const db = openDatabase(path, { readOnly: true });
  try {
    refuseForeign(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Read-only first: a writing connection to somebody else's database takes its WAL away when it closes. */
function refuseForeignUnwritten(path: string): void {
  try {
    openChecked(path).close();
  } catch (error) {
    // No file yet, or one that only a writer can open: the writing connection says what there is to say.
    if (!(error instanceof SqliteError)) throw error;
  }
}

function pragma(db: Connection, name: string): number {
  const row = db.prepare(`PRAGMA main.${name}`).get();
  return row === undefined ? 0 : integer(row, name);
}

function refuseForeign(db: Connection, path: string): void {
  const applicationId = pragma(db, "application_id");
  const version = pragma(db, "user_version");
  const tables = db.prepare("SELECT count(*) AS n FROM main.sqlite_schema").get();
  const empty = tables !== undefined && integer(tables, "n") === 0;
  if (applicationId !== APPLICATION_ID && !empty) {
    throw new LiveSyncError(
      "foreign_database",
      `Cannot use ${path} as our database as it belongs to another program`,
      "Name another file with --database.",
    );
  }
  if (version > MIGRATIONS.length) {
    throw new LiveSyncError(
      "newer_database",
      `Cannot open ${path} as a newer version of ChatStats Live-Sync made it (schema ${version}, known ${MIGRATIONS.length})`,
      "Install the newest version, or name another file with --database.",
    );
  }
}

function migrate(db: Connection, probe: (label: string) => void): void {
  for (let version = pragma(db, "user_version"); version < MIGRATIONS.length; version++) {
    const sql = MIGRATIONS[version];
    if (sql === undefined) return;
    db.transaction(() => {
      db.exec(sql);
      db.exec(`PRAGMA main.application_id = ${APPLICATION_ID}; PRAGMA main.user_version = ${version + 1}`);
      probe("migration.before_commit");
    });
  }
}
