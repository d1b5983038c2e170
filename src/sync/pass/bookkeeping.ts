/** Small questions asked of the source and of our own bookkeeping. */
import { integer, integerOrNull, textOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import bookkeepingSql from "./sql/bookkeeping.sql" with { type: "text" };

const SQL = statementsOf(bookkeepingSql, [
  "backlog",
  "countries",
  "emptiedTable",
  "sourceSize",
  "rowsWaiting",
  "endOfComparisonSlice",
]);

/** Whether more than `most` of the source's messages stand behind the watermark `after`. Throws SqliteError. */
export function isBacklogAbove(db: Connection, after: number, most: number): boolean {
  const row = db.prepare(SQL.backlog).get({ after, most: most + 1 }) ?? { n: 0 };
  return integer(row, "n") > most;
}

/** The country of each of the source's handles; null where it has none. Throws SqliteError. */
export function countriesOfHandles(db: Connection): (string | null)[] {
  return db.prepare(SQL.countries).all().map((row) => textOrNull(row, "country"));
}

/** Whether one of these pages is the root of a table whose rows may be gone then. Throws SqliteError. */
export function isTableAmong(db: Connection, pages: readonly number[]): boolean {
  return db.prepare(SQL.emptiedTable).get({ pages: JSON.stringify(pages) }) !== undefined;
}

/** How many messages and attachments the source has, for the progress of an import. Throws SqliteError. */
export function sourceSize(db: Connection): number {
  return integer(db.prepare(SQL.sourceSize).get() ?? { n: 0 }, "n");
}

/** ROWIDs of the newest rows of `pending_rows` of a kind, at most `limit`. Throws SqliteError. */
export function rowsWaiting(db: Connection, kind: string, limit: number): number[] {
  return db.prepare(SQL.rowsWaiting).all({ kind, limit }).map((row) => integer(row, "source_rowid"));
}

/** The ROWID that a slice of the comparison ends with; null: nothing stands behind it. Throws SqliteError. */
export function endOfComparisonSlice(db: Connection, after: number, rows: number): number | null {
  return integerOrNull(db.prepare(SQL.endOfComparisonSlice).get({ after, rows }) ?? {}, "until");
}
