/**
 * The first import inserts into `messages` without its indexes, which are built at the end, and counts slice by slice
 * instead of row by row: random GUIDs make every insert into a full index a random page, and the counting trigger with
 * the checks of foreign keys costs a third of the insert (300,000 rows: 2.7 s with them, 1.6 s without; measured).
 */
import { LiveSyncError } from "../model/errors.ts";
import { text } from "../platform/row.ts";
import { type Connection, openDatabase, SQLITE, SqliteError } from "../platform/sqlite.ts";
import deferrable from "./sql/deferrable.sql" with { type: "text" };
import dropDuplicates from "./sql/drop_duplicate_messages.sql" with { type: "text" };
import { STATE_KEYS, StateStore } from "./state.ts";

/** Takes indexes and counting trigger away and keeps their SQL in `live_sync_state`, inside the caller's transaction. */
export function deferIndexes(db: Connection, state: StateStore): void {
  const deferred = db.prepare(deferrable).all();
  state.set(STATE_KEYS.deferredIndexes, JSON.stringify(deferred.map((row) => text(row, "sql"))));
  for (const row of deferred) db.exec(`DROP ${text(row, "type")} main.${text(row, "name")}`);
}

/**
 * Makes them again, lets `also` do what else belongs to the end of the import's first part, and goes on to the
 * second, in one transaction on a connection of its own: 5 million rows take many seconds.
 *
 * A message deleted and made again under another ROWID while the import ran, or read again because the file was
 * replaced meanwhile, stands twice; the row that was read last stays.
 */
export function buildDeferredIndexes(path: string, also: (db: Connection) => void): void {
  using db = openDatabase(path, { busyTimeoutMs: 1000 });
  db.exec("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192");
  const state = new StateStore(db);
  db.transaction(() => {
    for (const sql of parseList(state.get(STATE_KEYS.deferredIndexes) ?? "[]")) build(db, sql);
    state.set(STATE_KEYS.deferredIndexes, null);
    state.set(STATE_KEYS.importPhase, "rest");
    also(db);
  });
  db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
}

function build(db: Connection, sql: string): void {
  try {
    db.prepare(sql).run();
  } catch (error) {
    if (!(error instanceof SqliteError) || error.resultCode !== SQLITE.CONSTRAINT) throw error;
    db.exec(dropDuplicates);
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
