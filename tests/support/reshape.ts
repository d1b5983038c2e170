/** Changes the shape of a chat.db's tables, as no release that we know of did: for tests of what a reader can do without. */
import { text } from "../../src/sqlite/row.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";

/** Takes all triggers and views away, which would name what is about to go. */
export function dropTriggers(db: Connection): void {
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const row of triggers) db.exec(`DROP TRIGGER "${text(row, "name")}"`);
}

export function dropTable(db: Connection, table: string): void {
  dropTriggers(db);
  db.exec(`PRAGMA foreign_keys = OFF; DROP TABLE "${table}"`);
}

/** Makes the table anew without the column, its rows as they are; ALTER TABLE can't where it is UNIQUE or indexed. */
export function dropColumn(db: Connection, table: string, column: string): void {
  dropTriggers(db);
  const kept = db.prepare("SELECT name, type FROM pragma_table_info(:table) WHERE name <> :column").all({
    table,
    column,
  });
  const declared = kept.map((row) => {
    const name = text(row, "name");
    return name === "ROWID" ? "ROWID INTEGER PRIMARY KEY AUTOINCREMENT" : `"${name}" ${text(row, "type")}`;
  });
  const names = kept.map((row) => `"${text(row, "name")}"`).join(", ");
  db.exec(`
    PRAGMA foreign_keys = OFF;
    PRAGMA legacy_alter_table = ON;
    CREATE TABLE reshaped (${declared.join(", ")});
    INSERT INTO reshaped SELECT ${names} FROM "${table}";
    DROP TABLE "${table}";
    ALTER TABLE reshaped RENAME TO "${table}";`);
}
