/**
 * The first import inserts into `messages` without its indexes and builds them at the end: random GUIDs make every
 * insert into a full index a random page (300,000 rows: 4–4.5 s with indexes, 0.7–0.8 s without; measured).
 */
import { LiveSyncError } from "../model/errors.ts";
import { text } from "../platform/row.ts";
import { type Connection, openDatabase, SQLITE, SqliteError } from "../platform/sqlite.ts";
import dropDuplicates from "./sql/drop_duplicate_messages.sql" with { type: "text" };
import indexesOfMessages from "./sql/indexes_of_messages.sql" with { type: "text" };
import { STATE_KEYS, StateStore } from "./state.ts";

/** Takes the indexes away and keeps their SQL in `live_sync_state`, inside the caller's transaction. */
export function deferIndexes(db: Connection, state: StateStore): void {
  const indexes = db.prepare(indexesOfMessages).all();
  state.set(STATE_KEYS.deferredIndexes, JSON.stringify(indexes.map((row) => text(row, "sql"))));
  for (const row of indexes) db.exec(`DROP INDEX main.${text(row, "name")}`);
}

/**
 * Builds them again and goes on to the import's second part, in one transaction on a connection of its own, which the
 * caller runs in a worker: 5 million rows take many seconds.
 *
 * A message deleted and made again under another ROWID while the import ran, or read again because the file was
 * replaced meanwhile, stands twice; the row that was read last stays.
 */
export function buildDeferredIndexes(path: string, probe: (label: string) => void): void {
  using db = openDatabase(path, { busyTimeoutMs: 1000 });
  db.exec("PRAGMA cache_size = -32768; PRAGMA foreign_keys = ON");
  const state = new StateStore(db);
  db.transaction(() => {
    for (const sql of parseList(state.get(STATE_KEYS.deferredIndexes) ?? "[]")) build(db, sql);
    state.set(STATE_KEYS.deferredIndexes, null);
    state.set(STATE_KEYS.importPhase, "rest");
    probe("import.indexes.before_commit");
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
