import { equal, ok, throws } from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { SqliteError } from "../../src/sqlite/sqlite.ts";
import { mayAttachAgain } from "../../src/source/messages_db.ts";
import { Fixture, messagesProcess } from "./support/source_fixture.ts";

/** Attaching fails with this code and a sentence and hint; a good file in its place is read right after. */
function refuses(fixture: Fixture, code: string, words: RegExp): void {
  throws(() => fixture.attach(), (error) => {
    ok(error instanceof LiveSyncError && !(error instanceof SqliteError), String(error));
    equal(error.code, code);
    ok(error.message.includes(fixture.path));
    ok(words.test(error.message), error.message);
    ok(error.hint.length > 0);
    return true;
  });
  equal(fixture.source.attached, false);
  equal(fixture.source.identity, null);
  for (const side of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(fixture.path + side);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  createChatDatabase(fixture.path, { release: "macos15" }).close();
  fixture.attach();
  equal(fixture.source.attached, true);
  equal(fixture.rows("SELECT * FROM source_message").length, 0);
}

Deno.test("attach() throws source_missing when there is no file, and makes none", () => {
  using fixture = new Fixture();
  throws(() => fixture.attach(), { code: "source_missing" });
  throws(() => Deno.statSync(fixture.path), Deno.errors.NotFound);
  refuses(fixture, "source_missing", /^Messages' database not found at /);
});

Deno.test("attach() throws source_not_messages, with the tables it lacks, when the file is another database", () => {
  using fixture = new Fixture();
  fixture.make("CREATE TABLE message (guid); CREATE TABLE chat (guid)");
  refuses(fixture, "source_not_messages", /no table handle, attachment, chat_message_join/);
});

Deno.test("attach() throws source_empty when the file has no byte, or no table yet", () => {
  for (const sql of ["", "PRAGMA user_version = 1"]) {
    using fixture = new Fixture();
    Deno.writeFileSync(fixture.path, new Uint8Array());
    fixture.make(sql);
    refuses(fixture, "source_empty", /it is empty; Messages has not written to it yet/);
  }
});

Deno.test("attach() throws source_damaged when the file is text", () => {
  using fixture = new Fixture();
  Deno.writeTextFileSync(fixture.path, "Dear Jane, ".repeat(1_000));
  refuses(fixture, "source_damaged", /no SQLite database/);
});

Deno.test("attach() throws source_damaged when the schema page is overwritten", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos15" }).close();
  const bytes = Deno.readFileSync(fixture.path);
  bytes.fill(0xa5, 100, 4096);
  Deno.writeFileSync(fixture.path, bytes);
  refuses(fixture, "source_damaged", /damaged/);
});

Deno.test("attach() takes the place of what was attached when it is called again", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos14" }).close();
  fixture.attach();
  fixture.attach();
  equal(fixture.source.attached, true);
  fixture.source.detach();
  fixture.source.detach();
  equal(fixture.source.attached, false);
  throws(() => fixture.rows("SELECT * FROM source_message"), /no such table/);
});

Deno.test("the attached file can't be written through our connection", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos14" }).close();
  fixture.attach();
  for (
    const sql of ["DELETE FROM source.message", "CREATE TABLE source.x (a)", "PRAGMA source.user_version = 5"]
  ) {
    throws(
      () => fixture.db.exec(sql),
      (error) => error instanceof SqliteError && error.resultCode === 8,
      sql,
    );
  }
});

Deno.test("guidAt() gives the GUID at a ROWID, and null where there is none", () => {
  using fixture = new Fixture();
  using chat = createChatDatabase(fixture.path, { release: "macos14" });
  const app = new MessagesApp(chat);
  const { guid, rowid } = app.message({ chat: app.createChat({ address: "+15550100001" }).guid, text: "Hi" });
  fixture.attach();
  equal(fixture.source.guidAt(rowid), guid);
  equal(fixture.source.guidAt(rowid + 1), null);
});

Deno.test("attach() reads a file whose path has blanks, %, ? and # in it", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos14" }).close();
  fixture.attach();
  const files = fixture.rows("PRAGMA database_list").map((row) => row["file"]);
  ok(
    files.some((file) => String(file).endsWith("/chat.db") && String(file).includes("/source %41?#/")),
    files.join(),
  );
});

Deno.test("dataVersion() says source_locked at once, and reads on after it, when another connection holds an exclusive lock", () => {
  using fixture = new Fixture();
  fixture.make("PRAGMA journal_mode = DELETE");
  using other = createChatDatabase(fixture.path, { release: "macos15" });
  other.exec("PRAGMA journal_mode = DELETE");
  fixture.attach();
  fixture.source.dataVersion();
  other.exec("BEGIN EXCLUSIVE");
  const asked = performance.now();
  throws(() => fixture.source.dataVersion(), { code: "source_locked" });
  // A wait would be the connection's 50 ms.
  ok(performance.now() - asked < 40);
  other.exec("ROLLBACK");
  fixture.source.dataVersion();
  equal(Object.values(fixture.rows("PRAGMA busy_timeout")[0] ?? {})[0], 50);
});

Deno.test("attach() can be tried again when the one before failed half-way", () => {
  using fixture = new Fixture();
  fixture.make("CREATE TABLE songs (title)");
  for (let i = 0; i < 3; i++) throws(() => fixture.attach(), { code: "source_not_messages" });
});

Deno.test("attach() refuses a file whose -wal or -shm was deleted under us until Messages has made both anew", async () => {
  using fixture = new Fixture();
  const first = messagesProcess(fixture.path);
  const { guid } = await first.createChat({ address: "+15550100001" });
  fixture.attach();
  Deno.removeSync(`${fixture.path}-wal`);
  fixture.source.letGoDeaf();
  for (let i = 0; i < 2; i++) throws(() => fixture.attach(), { code: "source_wal_deleted" });
  throws(() => Deno.statSync(`${fixture.path}-wal`), Deno.errors.NotFound, "none was made by us");
  await first.message({ chat: guid, text: "In the deleted WAL" });
  await first.close();
  await using second = messagesProcess(fixture.path);
  await second.message({ chat: guid, text: "In the new one" });
  fixture.attach();
  equal(fixture.rows("SELECT * FROM source_message").length, 2);
});

Deno.test("attach() is not taken in by a -wal and a -shm that somebody made who only reads, nor by a restart", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  const { guid } = await app.createChat({ address: "+15550100001" });
  fixture.attach();
  for (const side of ["-wal", "-shm"]) Deno.removeSync(fixture.path + side);
  fixture.source.letGoDeaf();
  const read = new Deno.Command("python3", {
    args: [
      "-c",
      "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM chat').fetchone()",
      fixture.path,
    ],
  });
  if ((await read.output()).success) {
    throws(() => fixture.attach(), { code: "source_wal_deleted" });
  }
  const { deafened } = fixture.source;
  equal(fixture.source.attached, false);
  fixture.source.deafened = null;
  fixture.source.deafened = deafened;
  throws(() => fixture.attach(), { code: "source_wal_deleted" });
  await app.message({ chat: guid, text: "In the deleted WAL" });
});

Deno.test("mayAttachAgain() asks for both files, and for a commit in the WAL", () => {
  const begun = { wal: "1:2:3", shm: "1:4:5", walBytes: 32, walModifiedMs: 6 };
  ok(mayAttachAgain(begun));
  for (const lacking of [{ wal: null }, { shm: null }, { walBytes: 0 }]) {
    ok(!mayAttachAgain({ ...begun, ...lacking }), JSON.stringify(lacking));
  }
});

Deno.test("attach() takes another file at once where one was let go because its WAL was deleted", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos15" }).close();
  fixture.attach();
  fixture.source.letGoDeaf();
  for (const side of ["", "-wal", "-shm"]) Deno.removeSync(fixture.path + side);
  throws(() => fixture.attach(), { code: "source_missing" });
  createChatDatabase(`${fixture.path}.new`, { release: "macos15" }).close();
  Deno.renameSync(`${fixture.path}.new`, fixture.path);
  fixture.attach();
  ok(fixture.source.attached);
});
