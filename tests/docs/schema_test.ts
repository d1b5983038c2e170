/** SCHEMA.md and a database as the migrations make it have the same tables, views, columns and keys. */
import assert from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { text } from "../../src/sqlite/row.ts";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { STATE_KEYS } from "../../src/store/state.ts";
import { codeIn, readPage, section, tableRows } from "./support/pages.ts";

const page = readPage("src/store/SCHEMA.md");
const documented = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name = ""]) => name);

/** Columns by table or view, in the database's order. */
function realSchema(): ReadonlyMap<string, readonly string[]> {
  using db = openDatabase(":memory:");
  for (const migration of MIGRATIONS) db.exec(migration);
  const names = db.prepare(
    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  ).all().map((row) => text(row, "name"));
  const columns = db.prepare("SELECT name FROM pragma_table_info(:table)");
  return new Map(names.map((table) => [table, columns.all({ table }).map((row) => text(row, "name"))]));
}

Deno.test("SCHEMA.md has every table and view of the schema, and none besides", () => {
  assert.deepEqual(documented.toSorted(), [...realSchema().keys()].toSorted());
});

for (const [table, columns] of realSchema()) {
  Deno.test(`SCHEMA.md has every column of ${table}, and none besides`, () => {
    const rows = tableRows(section(page, `### \`${table}\``), "column");
    assert.deepEqual(rows.flatMap(([name = ""]) => codeIn(name)), columns);
  });
}

Deno.test("SCHEMA.md has every key of live_sync_state, and none besides", () => {
  const keys = tableRows(section(page, "### `live_sync_state`"), "key").flatMap(([name = ""]) =>
    codeIn(name)
  );
  assert.deepEqual(keys.toSorted(), Object.values(STATE_KEYS).toSorted());
});
