import { text } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";

/** Every row of every table as SQL literals, so that bytes, big integers and types count, too. */
export function dumpRows(db: Connection): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return tables.map((row) => text(row, "name")).flatMap((table) => {
    const columns = db.prepare("SELECT name FROM pragma_table_info(:table)").all({ table })
      .map((row) => `quote("${text(row, "name")}")`).join(" || ',' || ");
    return db.prepare(`SELECT ${columns} AS line FROM "${table}" ORDER BY 1`).all()
      .map((row) => `${table}: ${text(row, "line")}`);
  });
}
