/** The TEMP tables that the statements of a pass hand rows on in; what stands in them is of one pass alone. */
import { integerOrNull } from "../../sqlite/row.ts";
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";

/** Runs a statement; gives how many rows it changed. */
export type Run = (sql: string, params?: SqlParams) => number;

export function runOn(db: Connection): Run {
  return (sql, params) => db.prepare(sql).run(params).changes;
}

/** In the pass's transaction, before anything else of it: a trigger empties all of them (temp_tables.sql). */
export function clearWorkTables(run: Run): void {
  run("DELETE FROM temp.work_table");
}

/** `top` of the one row that `sql` gives; null where there is none. */
export function highest(db: Connection, sql: string): number | null {
  const row = db.prepare(sql).get();
  return row === undefined ? null : integerOrNull(row, "top");
}
