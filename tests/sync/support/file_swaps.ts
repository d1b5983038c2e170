/** Other files at the path of a fixture's chat.db: copies, older copies, and older content in the same file. */
import { text } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import type { SyncFixture } from "../../support/sync_fixture.ts";

/** A copy of what is in the simulated app's file now, at `path`. */
export function copyTo(fixture: SyncFixture, path: string): void {
  fixture.app.db.prepare("VACUUM INTO :path").run({ path });
}

/** The file at `path` takes the place of chat.db: another inode. Messages is quit meanwhile; we may be running. */
export function putInPlace(fixture: SyncFixture, path: string, { running }: { running: boolean }): void {
  if (!running) fixture.release();
  fixture.quitApp();
  removeBeside(fixture);
  Deno.renameSync(path, fixture.chatDb);
  fixture.startApp();
  if (!running) fixture.restart();
}

/** What `cp` does: the bytes of the file at `path` in the same inode. Neither Messages nor we may be running. */
export function copyOver(fixture: SyncFixture, path: string): void {
  fixture.release();
  fixture.quitApp();
  removeBeside(fixture);
  Deno.writeFileSync(fixture.chatDb, Deno.readFileSync(path));
  fixture.startApp();
  fixture.restart();
}

function removeBeside(fixture: SyncFixture): void {
  for (const end of ["-wal", "-shm"]) {
    try {
      Deno.removeSync(fixture.chatDb + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/**
 * The content of the file at `path` in the same file, through SQLite and under our eyes, with its ROWIDs and counters: what
 * a restore by SQLite's backup leaves. One commit.
 */
export function restoreInto(db: Connection, path: string): void {
  db.exec(`ATTACH '${path}' AS old`);
  try {
    db.transaction(() => {
      const triggers = db.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").all();
      for (const row of triggers) db.exec(`DROP TRIGGER main.${text(row, "name")}`);
      // Rows come before those that they refer to.
      db.exec("PRAGMA defer_foreign_keys = ON");
      const tables = db.prepare(TABLES).all().map((row) =>
        [text(row, "name"), text(row, "columns")] as const
      );
      for (const [name] of tables) db.exec(`DELETE FROM main.${name}`);
      for (const [name, columns] of tables) {
        db.exec(`INSERT INTO main.${name} (${columns}) SELECT ${columns} FROM old.${name}`);
      }
      db.exec(
        "DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM old.sqlite_sequence",
      );
      for (const row of triggers) db.exec(text(row, "sql"));
    });
  } finally {
    db.exec("DETACH old");
  }
}

/** Columns of the older file: those that an upgrade has added since are empty. */
const TABLES = `
  SELECT t.name,
         iif(t.wr OR max(c.pk > 0 AND upper(c.type) = 'INTEGER'), '', 'rowid, ') || group_concat('"' || c.name || '"', ', ') AS columns
    FROM pragma_table_list t
    JOIN pragma_table_info(t.name, 'old') c
   WHERE t.schema = 'old' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
   GROUP BY t.name`;
