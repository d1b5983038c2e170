import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { openDatabase, SqliteError } from "../../src/sqlite/sqlite.ts";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { openChatStatsDatabase, openForReading } from "../../src/store/database.ts";
import { APPLICATION_ID } from "../../src/store/migrate.ts";
import { Outbox } from "../../src/store/outbox.ts";
import { CONTRACT_TABLES } from "./support/contract_tables.ts";
import { FEED, folderContent, Store } from "./support/store.ts";

const options = { randomUuid: () => FEED };

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "chatstats-store-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** A refusal with this code, a sentence that names the file, and what to do. */
function refusal(code: string, path: string): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof LiveSyncError, String(error));
    equal(error.code, code);
    ok(error.message.includes(path), error.message);
    ok(error.hint.length > 0);
    return true;
  };
}

Deno.test("openChatStatsDatabase() makes a database with its marks, WAL and foreign keys when there is none", () => {
  using store = new Store();
  deepEqual(store.rows("PRAGMA main.application_id"), [{ application_id: APPLICATION_ID }]);
  equal(String.fromCharCode(...[24, 16, 8, 0].map((shift) => APPLICATION_ID >> shift & 0xff)), "CSLS");
  deepEqual(store.rows("PRAGMA main.user_version"), [{ user_version: MIGRATIONS.length }]);
  deepEqual(store.rows("PRAGMA main.journal_mode"), [{ journal_mode: "wal" }]);
  deepEqual(store.rows("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
  throws(
    () => store.db.exec("INSERT INTO chat_participants VALUES (999, 1)"),
    (error) => error instanceof SqliteError && error.message.includes("FOREIGN KEY"),
  );
  deepEqual(store.rows("PRAGMA main.foreign_key_check"), []);
});

Deno.test("openChatStatsDatabase() keeps the feed and the rows when it opens an existing database", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chatstats.db`;
  {
    using db = openChatStatsDatabase(path, { randomUuid: () => "first" });
    db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (7, 'x', 0)");
  }
  using db = openChatStatsDatabase(path, { randomUuid: () => "second" });
  equal(new Outbox(db).feed, "first");
  deepEqual(db.prepare("SELECT id FROM chats").all().map((row) => row["id"]), [7]);
});

Deno.test("openChatStatsDatabase() takes an empty file for a new database", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chatstats.db`;
  Deno.writeFileSync(path, new Uint8Array());
  using db = openChatStatsDatabase(path, options);
  equal(new Outbox(db).feed, FEED);
});

Deno.test("openChatStatsDatabase() makes nothing when the migration is cut off, and all of it at the next start", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chatstats.db`;
  const probe = (label: string) => {
    throw new Error(`cut off at ${label}`);
  };
  throws(() => openChatStatsDatabase(path, { ...options, probe }), /cut off at migration.before_commit/);
  {
    using db = openDatabase(path);
    deepEqual(db.prepare("SELECT name FROM sqlite_schema").all(), []);
    equal(db.prepare("PRAGMA user_version").get()?.["user_version"], 0);
  }
  using db = openChatStatsDatabase(path, options);
  equal(db.prepare("PRAGMA user_version").get()?.["user_version"], MIGRATIONS.length);
});

Deno.test("openChatStatsDatabase() refuses the database of another program and leaves it untouched", () => {
  for (
    const sql of [
      "CREATE TABLE notes (text)",
      "PRAGMA application_id = 1; CREATE TABLE notes (text)",
      // One with our tables' names is not ours either.
      "CREATE TABLE messages (guid); PRAGMA user_version = 1",
    ]
  ) {
    using folder = temporaryFolder();
    const path = `${folder.path}/other.db`;
    {
      using other = openDatabase(path);
      other.exec(sql);
    }
    const before = folderContent(folder.path);
    throws(() => openChatStatsDatabase(path, options), refusal("foreign_database", path));
    throws(() => openForReading(path), refusal("foreign_database", path));
    deepEqual(folderContent(folder.path), before);
  }
});

Deno.test("openChatStatsDatabase() leaves the WAL alone when the database of another program has one", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/other.db`;
  await leaveWalBehind(path);
  const before = folderContent(folder.path);
  ok((before["other.db-wal"]?.length ?? 0) > 0);
  throws(() => openChatStatsDatabase(path, options), refusal("foreign_database", path));
  const after = folderContent(folder.path);
  equal(after["other.db"], before["other.db"]);
  equal(after["other.db-wal"], before["other.db-wal"]);
});

Deno.test("openChatStatsDatabase() refuses the database of a newer version and leaves it untouched", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chatstats.db`;
  openChatStatsDatabase(path, options).close();
  {
    using db = openDatabase(path);
    db.exec("PRAGMA user_version = 99");
  }
  const before = folderContent(folder.path);
  throws(() => openChatStatsDatabase(path, options), refusal("newer_database", path));
  throws(() => openForReading(path), refusal("newer_database", path));
  equal(folderContent(folder.path)["chatstats.db"], before["chatstats.db"]);
});

Deno.test("openChatStatsDatabase() refuses a file that is no database and leaves it as it is", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/letter.txt`;
  Deno.writeTextFileSync(path, "Dear Jane, ".repeat(1_000));
  const before = folderContent(folder.path);
  throws(() => openChatStatsDatabase(path, options), refusal("damaged", path));
  throws(() => openForReading(path), refusal("damaged", path));
  deepEqual(folderContent(folder.path), before);
});

for (const table of CONTRACT_TABLES) {
  Deno.test(`the schema has table ${table.name} with columns, keys and references when compared with the contract`, () => {
    using store = new Store();
    const columns = store.rows("SELECT name, pk FROM pragma_table_info(:table)", { table: table.name });
    const names = columns.map((row) => row["name"]);
    for (const column of table.columns) ok(names.includes(column), `${table.name}.${column}`);

    const primary = columns.filter((row) => row["pk"] !== 0).map((row) => row["name"]).join();
    const unique = store.rows(
      `SELECT l.name, group_concat(i.name) AS columns
         FROM pragma_index_list(:table) l, pragma_index_info(l.name) i
        WHERE l."unique" AND NOT l.partial
        GROUP BY l.name`,
      { table: table.name },
    ).map((row) => row["columns"]);
    for (const together of table.unique) ok([primary, ...unique].includes(together), together);

    const keys = store.rows(`SELECT "from", "table" FROM pragma_foreign_key_list(:table)`, {
      table: table.name,
    });
    for (const [from, target] of table.references) {
      ok(keys.some((row) => row["from"] === from && row["table"] === target), `${from} → ${target}`);
    }
  });
}

Deno.test("the list of the contract's tables is read whole", () => {
  equal(CONTRACT_TABLES.length, 14);
  deepEqual(CONTRACT_TABLES[1]?.unique, ["type,identifier"]);
  equal(CONTRACT_TABLES.flatMap((table) => table.columns).length, 105);
});

/** A process that commits into a WAL and is killed before it can take it away. */
async function leaveWalBehind(path: string): Promise<void> {
  const script = `
    import { openDatabase } from ${JSON.stringify(import.meta.resolve("../../src/sqlite/sqlite.ts"))};
    const db = openDatabase(${JSON.stringify(path)});
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE notes (text); INSERT INTO notes VALUES ('kept')");
    Deno.kill(Deno.pid, "SIGKILL");`;
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", `data:application/typescript,${encodeURIComponent(script)}`],
    stdout: "null",
    stderr: "inherit",
  }).output();
  equal(signal, "SIGKILL");
}
