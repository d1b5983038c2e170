/**
 * Between the first part of an import and the second: what the first one left for the end, in one transaction on a
 * connection of its own in a worker, because with millions of rows it takes longer than the event loop may be held.
 */
import type { Connection } from "../../sqlite/sqlite.ts";
import { buildDeferredIndexes } from "../../store/deferred_indexes.ts";
import tempTables from "../pass/sql/temp_tables.sql" with { type: "text" };
import { settleTouchedTapbacks } from "../pass/tapback_rows.ts";
import { runOn } from "../pass/work_tables.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import indexBuilderSql from "./sql/index_builder.sql" with { type: "text" };

const SQL = statementsOf(indexBuilderSql, [
  "putOrphans",
  "dropOrphanReactions",
  "dropOrphanRemovals",
  "touchAllTapbacks",
]);

/**
 * Builds the indexes of `messages` and settles the tapbacks; `probe` is called at the named steps. Throws SqliteError;
 * nothing is kept then. `db` is one of `openForFinishing`.
 */
export function buildIndexes(db: Connection, nowMs: number, probe?: (label: string) => void): void {
  buildDeferredIndexes(db, () => settleAllTapbacks(db, nowMs), probe);
}

function settleAllTapbacks(db: Connection, nowMs: number): void {
  db.exec(tempTables);
  const run = runOn(db);
  if (run(SQL.putOrphans, { now: nowMs }) > 0) {
    run(SQL.dropOrphanReactions);
    run(SQL.dropOrphanRemovals);
  }
  run(SQL.touchAllTapbacks);
  settleTouchedTapbacks(run);
}
