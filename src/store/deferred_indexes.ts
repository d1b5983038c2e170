/**
 * The first import inserts into `messages` without its indexes, which are built at the end, and counts slice by slice
 * instead of row by row: random GUIDs make every insert into a full index a random page, and the counting trigger with
 * the checks of foreign keys costs a third of the insert (300,000 rows: 2.7 s with them, 1.6 s without; measured).
 */
import { LiveSyncError } from "../model/errors.ts";
import { text } from "../sqlite/row.ts";
import { type Connection, openDatabase, SQLITE, SqliteError } from "../sqlite/sqlite.ts";
import { STATE_KEYS, StateStore } from "./state.ts";
import { statementsOf } from "../sqlite/statements.ts";
import deferredIndexesSql from "./sql/deferred_indexes.sql" with { type: "text" };

const SQL = statementsOf(deferredIndexesSql, [
  "deferrable",
  "dropDuplicateMessages",
]);

/** Takes indexes and counting trigger away and keeps their SQL in `live_sync_state`, inside the caller's transaction. */
export function deferIndexes(db: Connection, state: StateStore): void {
  const deferred = db.prepare(SQL.deferrable).all();
  state.set(STATE_KEYS.deferredIndexes, JSON.stringify(deferred.map((row) => text(row, "sql"))));
  for (const row of deferred) db.exec(`DROP ${text(row, "type")} main.${text(row, "name")}`);
}

/** A connection of its own for {@link buildDeferredIndexes}: 5 million rows take many seconds. */
export function openForFinishing(path: string): Connection {
  const db = openDatabase(path, { busyTimeoutMs: 1000 });
  db.restrictAttach(() => false);
  // With temporary tables in memory the sorter of CREATE INDEX would keep a whole index there: with 2 million rows 300 MB
  // at the peak against 175 MB, and it was slower.
  db.exec(
    "PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE; PRAGMA cache_size = -8192; PRAGMA main.secure_delete = ON",
  );
  return db;
}

/**
 * Makes them again, lets `also` do what else belongs to the end of the import's first part, and goes on to the
 * second, in one transaction.
 *
 * A message deleted and made again under another ROWID while the import ran, or read again because the file was
 * replaced meanwhile, stands twice; the row that was read last stays.
 *
 * `probe` is called at the named steps, where a test may cut the power.
 */
export function buildDeferredIndexes(
  db: Connection,
  also: () => void,
  probe: (label: string) => void = () => {},
): void {
  probe("import.finish.before_transaction");
  const state = new StateStore(db);
  db.transaction(() => {
    for (const sql of parseList(state.get(STATE_KEYS.deferredIndexes) ?? "[]")) build(db, sql);
    probe("import.finish.in_transaction");
    state.set(STATE_KEYS.deferredIndexes, null);
    state.set(STATE_KEYS.importPhase, "rest");
    also();
    probe("import.finish.before_commit");
  });
  probe("import.finish.after_commit");
  db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
}

function build(db: Connection, sql: string): void {
  try {
    db.prepare(sql).run();
  } catch (error) {
    if (!(error instanceof SqliteError) || error.resultCode !== SQLITE.CONSTRAINT) throw error;
    db.exec(SQL.dropDuplicateMessages);
    db.prepare(sql).run();
  }
}

function parseList(json: string): string[] {
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new LiveSyncError(
    "unexpected_json",
    "Cannot read the list of deferred indexes",
    "Delete the database; it is made again.",
  );
}
