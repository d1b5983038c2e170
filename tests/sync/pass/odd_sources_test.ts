/** What an adversarial review found: each of these lost messages, or stopped, before it was mended. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { openDatabase, SqliteError } from "../../../src/sqlite/sqlite.ts";
import { names, NOON_MS, Workbench } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

function withMessages(bench: Workbench, count: number, prefix = "message"): void {
  for (let i = 0; i < count; i++) bench.app.message({ chat: CHAT, from: JANE, text: `${prefix} ${i}` });
}

/** A bench that has synced `count` messages. */
function synced(count: number, options = {}): Workbench {
  const bench = new Workbench(options);
  bench.app.createChat({ address: JANE });
  withMessages(bench, count);
  bench.sync();
  return bench;
}

/** Puts another file, made by another app, where the bench's was; our side is closed meanwhile. */
function replaceFile(bench: Workbench, fill: (other: Workbench) => void): void {
  using other = new Workbench({ seed: 77 });
  other.app.createChat({ address: JANE });
  fill(other);
  other.app.checkpoint({ mode: "TRUNCATE" });
  bench.release();
  bench.quitApp();
  Deno.removeSync(bench.chatDb);
  other.app.db.exec(`VACUUM INTO '${bench.chatDb}'`);
  bench.restart();
}

Deno.test("attach() forgets the file again when our database is locked before it could be told from the old one", () => {
  using bench = synced(60);
  replaceFile(bench, (other) => withMessages(other, 50, "other"));
  using writer = openDatabase(bench.database);
  writer.exec("BEGIN IMMEDIATE");
  throws(() => bench.attach(), (error) => error instanceof SqliteError && error.isBusy);
  writer.exec("ROLLBACK");
  equal(bench.attach(), "replaced");
  bench.sync();
  equal(bench.column("SELECT count(*) FROM messages WHERE content GLOB 'other*'")[0], 50);
});

Deno.test("sync() waits for what has no join yet in a replaced file, whatever ROWIDs our old rows have", () => {
  using bench = synced(30);
  let late = "";
  replaceFile(bench, (other) => {
    withMessages(other, 3, "other");
    late = other.app.message({ chat: CHAT, from: JANE, text: "late", joinLater: true }).guid;
    other.app.message({ chat: CHAT, attachments: [{ name: "cat.heic", guid: "LATE", joinLater: true }] });
  });
  bench.sync();
  deepEqual(bench.column("SELECT kind FROM pending_rows ORDER BY kind"), ["attachment", "message"]);
  using apple = openDatabase(bench.chatDb);
  apple.exec(`
    INSERT INTO chat_message_join (chat_id, message_id)
      SELECT 1, ROWID FROM message WHERE guid = '${late}';
    INSERT INTO message_attachment_join (message_id, attachment_id)
      SELECT (SELECT max(ROWID) FROM message), ROWID FROM attachment WHERE guid = 'LATE'`);
  deepEqual(names(bench.sync().events).toSorted(), ["attachment.created", "message.created"]);
});

Deno.test("sync() reads all again when an older content stands in the very same file", () => {
  using bench = synced(120);
  bench.app.db.exec(`
    DELETE FROM chat_message_join; DELETE FROM message;
    UPDATE sqlite_sequence SET seq = 0 WHERE name = 'message'`);
  withMessages(bench, 100, "restored");
  const { events } = bench.sync();
  equal(events.filter((event) => event.event === "message.created").length, 100);
});

Deno.test("sync() tells one resync when a replaced file brings more than the limit", () => {
  using bench = synced(10, { bulkAbove: 50 });
  replaceFile(bench, (other) => withMessages(other, 200, "other"));
  const { events, resync } = bench.sync(20);
  ok(resync);
  ok(events.length < 100);
  equal(bench.column("SELECT count(*) FROM messages")[0], 210);
});

Deno.test("sync() tells what differs in a replaced file of more rows than the limit, across a restart", () => {
  using bench = synced(120, { bulkAbove: 50 });
  replaceFile(bench, (other) => {
    withMessages(other, 1, "first");
    for (const { guid, content } of bench.rows("SELECT guid, content FROM messages ORDER BY id")) {
      other.app.message({ chat: CHAT, from: JANE, text: String(content), guid: String(guid) });
    }
    withMessages(other, 1, "last");
  });
  const told = [...bench.step(20).events];
  bench.restart(); // 102 are left, and they are no backlog all the same
  const { events, resync } = bench.sync(20);
  equal(resync, false);
  told.push(...events);
  deepEqual(told.map((event) => event.data["message"]?.content), ["first 0", "last 0"]);
});

Deno.test("sync() lets a waiting row go when it is deleted in the source, without a restart", () => {
  using bench = synced(1);
  const { guid } = bench.app.message({ chat: CHAT, from: JANE, text: "late", joinLater: true });
  bench.sync();
  equal(bench.rows("SELECT 1 FROM pending_rows").length, 1);
  bench.app.db.exec(`DELETE FROM message WHERE guid = '${guid}'`);
  bench.sync();
  deepEqual(bench.rows("SELECT * FROM pending_rows"), []);
});

Deno.test("sync() takes a row whose text columns hold bytes, and all others", () => {
  using bench = synced(1);
  const { guid } = bench.app.message({ chat: CHAT, from: JANE, text: "odd" });
  bench.app.change({ guid, columns: { service: new Uint8Array([0x53, 0x4d, 0x53]) } });
  withMessages(bench, 3, "after");
  equal(bench.sync().events.length, 4);
  deepEqual(bench.column(`SELECT service_name FROM messages WHERE guid = '${guid}'`), ["SMS"]);
});

Deno.test("sync() ends a tapback whose successor has no date", () => {
  using bench = synced(1);
  const target = String(bench.column("SELECT guid FROM messages")[0]);
  const first = bench.app.tapback({ target, kind: "like", from: JANE, dateMs: NOON_MS });
  bench.app.change({ guid: first.guid, columns: { date: 0 } });
  bench.sync();
  const { guid } = bench.app.tapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  bench.app.change({ guid, columns: { date: 0 } });
  bench.sync();
  equal(bench.rows("SELECT 1 FROM reactions WHERE removed_at IS NULL").length, 1);
});

Deno.test("sync() gives an attachment of two messages to the one that has a chat", () => {
  using bench = synced(1);
  bench.app.message({ chat: CHAT, joinLater: true, attachments: [{ name: "cat.heic", guid: "TWICE" }] });
  const second = bench.app.message({ chat: CHAT, text: "again" });
  bench.app.db.exec(`INSERT INTO message_attachment_join (message_id, attachment_id)
    SELECT ${second.rowid}, ROWID FROM attachment WHERE guid = 'TWICE'`);
  bench.sync();
  deepEqual(bench.column("SELECT m.guid FROM attachments a JOIN messages m ON m.id = a.message_id"), [
    second.guid,
  ]);
});

Deno.test("sync() takes the region from the first handle that has one when the import saw none", () => {
  using bench = new Workbench({ region: null });
  bench.sync();
  bench.app.createChat({ address: "5550100001", country: "us" });
  bench.sync();
  deepEqual(bench.column("SELECT identifier FROM contact_identifiers"), ["+15550100001"]);
});

/** Makes the message's lowest chat one that has no row, as a deleted chat may leave it. */
function joinToNoChat(bench: Workbench, table: string, guid: string): void {
  bench.app.db.exec(`PRAGMA foreign_keys = OFF;
    UPDATE chat SET ROWID = 7 WHERE ROWID = 1;
    UPDATE ${table} SET chat_id = 7;
    INSERT INTO ${table} (chat_id, message_id) SELECT 3, ROWID FROM message WHERE guid = '${guid}'`);
}

Deno.test("sync() puts a message of several chats into the lowest that exists when the lowest has no row", () => {
  for (const deleted of [false, true]) {
    using bench = new Workbench();
    const chat = bench.app.createChat({ address: JANE }).guid;
    const { guid } = bench.app.message({ chat, from: JANE, text: "both" });
    if (deleted) bench.app.delete({ guid, dateMs: NOON_MS });
    joinToNoChat(bench, deleted ? "chat_recoverable_message_join" : "chat_message_join", guid);
    bench.sync();
    deepEqual(
      bench.rows(
        "SELECT c.chat_identifier AS chat, m.deleted_at FROM messages m JOIN chats c ON c.id = m.chat_id",
      ),
      [{ chat: JANE, deleted_at: deleted ? NOON_MS : null }],
    );
    deepEqual(bench.rows("SELECT * FROM pending_rows"), []);
  }
});
