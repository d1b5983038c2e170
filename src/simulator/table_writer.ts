import { LiveSyncError } from "../model/errors.ts";
import type { Connection, SqlParams, SqlValue } from "../sqlite/sqlite.ts";

/**
 * Writes rows by column name and leaves out what this file's table does not have, so that one set of operations
 * serves every macOS release.
 */
export class TableWriter {
  readonly #columns = new Map<string, ReadonlySet<string>>();
  constructor(readonly db: Connection) {}

  /** To be called when a table has got columns. */
  forgetColumns(): void {
    this.#columns.clear();
  }

  has(table: string, column: string): boolean {
    return this.#columnsOf(table).has(column);
  }

  /** Gives the new ROWID. */
  insert(table: string, values: SqlParams): number {
    const known = this.#known(table, values);
    const names = Object.keys(known);
    const columns = names.map((name) => `"${name}"`).join(", ");
    const places = names.map((name) => `:${name}`).join(", ");
    return this.db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${places})`).run(known).lastId;
  }

  update(table: string, rowid: number, values: SqlParams): void {
    const known = this.#known(table, values);
    const assignments = Object.keys(known).map((name) => `"${name}" = :${name}`).join(", ");
    if (assignments === "") return;
    this.db.prepare(`UPDATE ${table} SET ${assignments} WHERE ROWID = :rowid_`).run({
      ...known,
      rowid_: rowid,
    });
  }

  /** For columns that a caller asked for by name: a misspelt one must not vanish in silence. */
  assertHas(table: string, values: SqlParams): void {
    for (const column of Object.keys(values)) {
      if (!this.has(table, column)) {
        throw new LiveSyncError(
          "unknown_column",
          `Cannot set a column that ${table} does not have: ${column}`,
        );
      }
    }
  }

  #known(table: string, values: SqlParams): Record<string, SqlValue> {
    return Object.fromEntries(Object.entries(values).filter(([column]) => this.has(table, column)));
  }

  #columnsOf(table: string): ReadonlySet<string> {
    const known = this.#columns.get(table);
    if (known) return known;
    const rows = this.db.prepare("SELECT name FROM pragma_table_info(:table)").all({ table });
    const columns = new Set(rows.map((row) => String(row["name"])));
    this.#columns.set(table, columns);
    return columns;
  }
}
