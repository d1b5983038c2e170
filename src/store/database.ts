/**
 * Our own database: opened (made when there is none), migrated, with the pragmas that the contract names.
 * Migrations run before any source is attached.
 */
import { LiveSyncError } from "../model/errors.ts";
import { type Log, silentLog } from "../platform/log.ts";
import { refuseOldSqlite } from "../sqlite/least_version.ts";
import { integer } from "../sqlite/row.ts";
import { type Connection, openDatabase, SqliteError } from "../sqlite/sqlite.ts";
import { removeBackups } from "./backup.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, schemaVersion } from "./migrate.ts";
import { explainStoreFailure, refuseOddFile } from "./open_failure.ts";
import { STATE_KEYS, StateStore } from "./state.ts";

export interface OpenDatabaseOptions {
  /** Makes the feed's UUID of a new database. */
  readonly randomUuid: () => string;
  readonly probe?: (label: string) => void;
  readonly log?: Log;
  /** Tests have migrations of their own. */
  readonly migrations?: readonly string[];
}

/**
 * Opens the ChatStats database for writing. A backup that a migration left is deleted when there was nothing to
 * migrate this time.
 *
 * Throws SqliteError when another connection holds a lock: the same call may succeed a moment later
 * (`openPatiently` waits for that). Everything else is a {@link LiveSyncError} that says what to do:
 * `newer_database`, `foreign_database`, and those of {@link explainStoreFailure} and {@link migrate}.
 */
export function openChatStatsDatabase(path: string, options: OpenDatabaseOptions): Connection {
  try {
    return open(path, options);
  } catch (error) {
    throw error instanceof SqliteError && error.isBusy ? error : explainStoreFailure(error, path, "open");
  }
}

function open(path: string, options: OpenDatabaseOptions): Connection {
  const migrations = options.migrations ?? MIGRATIONS;
  refuseOddFile(path, "open");
  refuseForeignUnwritten(path, migrations.length);
  const db = openDatabase(path);
  try {
    refuseOldSqlite(db);
    refuseForeign(db, migrations.length);
    refuseReadOnly(db);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    // Checkpoints every 16 MiB, fewer of them than by default: an import has less to wait for. A WAL that became larger
    // than that is cut back when it starts anew. Temporary tables need no file.
    db.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216");
    db.exec("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
    // What was deleted or unsent is overwritten in the file, and does not lie on in its free places.
    db.exec("PRAGMA main.secure_delete = ON");
    const migrated = migrate(db, { migrations, probe: options.probe ?? (() => {}) });
    const state = new StateStore(db);
    if (state.get(STATE_KEYS.feed) === null) state.set(STATE_KEYS.feed, options.randomUuid());
    if (migrated === 0) letBackupsGo(path, options.log ?? silentLog);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the database for reading alone; it must exist and be of this version.
 *
 * Throws LiveSyncError: `no_database` (empty), `older_database` (nobody has migrated it yet), `newer_database`,
 * `foreign_database`, and those of {@link explainStoreFailure}.
 */
export function openForReading(path: string, migrations: readonly string[] = MIGRATIONS): Connection {
  try {
    refuseOddFile(path, "read");
    const db = openChecked(path, migrations.length);
    try {
      refuseOldSqlite(db);
      refuseUnready(db, migrations.length);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw explainStoreFailure(error, path, "read");
  }
}

function refuseUnready(db: Connection, known: number): void {
  const version = schemaVersion(db);
  if (version === known) return;
  if (version === 0) {
    throw new LiveSyncError(
      "no_database",
      `Cannot read ${db.path}: it is empty`,
      "Start the program once, or name another file with --database.",
    );
  }
  throw new LiveSyncError(
    "older_database",
    `${db.path} has the schema of an older version (schema ${version}, needed ${known})`,
    "Start the program: it is brought up to date. If one has just started, wait a moment.",
  );
}

/** Read-only; refuses what is not ours. */
function openChecked(path: string, known: number): Connection {
  const db = openDatabase(path, { readOnly: true });
  try {
    refuseForeign(db, known);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Read-only first: a writing connection to somebody else's database takes its WAL away when it closes. */
function refuseForeignUnwritten(path: string, known: number): void {
  try {
    openChecked(path, known).close();
  } catch (error) {
    // No file yet, or one that only a writer can open: the writing connection says what there is to say.
    if (!(error instanceof SqliteError)) throw error;
  }
}

/**
 * SQLite opens a file that may not be written for reading alone, says nothing, and would stay so after the file was
 * made writable. (BEGIN IMMEDIATE does not tell: it begins a mere read then.) A write is refused before any lock is
 * asked for, so one that meets a lock may be written.
 */
function refuseReadOnly(db: Connection): void {
  const version = schemaVersion(db);
  try {
    db.exec(`BEGIN; PRAGMA main.user_version = ${Math.trunc(version)}`);
  } catch (error) {
    if (!(error instanceof SqliteError && error.isBusy)) throw error;
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

function refuseForeign(db: Connection, known: number): void {
  const row = db.prepare("PRAGMA main.application_id").get();
  const applicationId = row === undefined ? 0 : integer(row, "application_id");
  const tables = db.prepare("SELECT count(*) AS n FROM main.sqlite_schema").get();
  const empty = tables !== undefined && integer(tables, "n") === 0;
  if (applicationId !== APPLICATION_ID && !empty) {
    throw new LiveSyncError(
      "foreign_database",
      `Cannot use ${db.path}: it is the database of another program`,
      "Name another file with --database.",
    );
  }
  const version = schemaVersion(db);
  if (version > known) {
    throw new LiveSyncError(
      "newer_database",
      `${db.path} was made by a newer version of ChatStats Live-Sync (schema ${version}, known ${known})`,
      "Install the newest version, or name another file with --database.",
    );
  }
}

/** A backup that can't be deleted takes space and nothing else. */
function letBackupsGo(path: string, log: Log): void {
  try {
    removeBackups(path);
  } catch (error) {
    if (!(error instanceof LiveSyncError)) throw error;
    log.warning(error.message, { hint: error.hint });
  }
}
