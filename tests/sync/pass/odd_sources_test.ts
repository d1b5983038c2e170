/** What an adversarial review found: each of these lost messages, or stopped, before it was mended. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { openDatabase, SqliteError } from "../../../src/sqlite/sqlite.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

function withMessages(fixture: SyncFixture, count: number, prefix = "message"): void {
  for (let i = 0; i < count; i++) fixture.app.message({ chat: CHAT, from: JANE, text: `${prefix} ${i}` });
}

/** A fixture that has synced `count` messages. */
function synced(count: number, options = {}): SyncFixture {
  const fixture = new SyncFixture(options);
  fixture.app.createChat({ address: JANE });
  withMessages(fixture, count);
  fixture.sync();
  return fixture;
}

/** Puts another file, made by another app, where the fixture's was; our side is closed meanwhile. */
function replaceFile(fixture: SyncFixture, fill: (other: SyncFixture) => void): void {
  using other = new SyncFixture({ seed: 77 });
  other.app.createChat({ address: JANE });
  fill(other);
  other.app.checkpoint({ mode: "TRUNCATE" });
  fixture.release();
  fixture.quitApp();
  Deno.removeSync(fixture.chatDb);
  other.app.db.exec(`VACUUM INTO '${fixture.chatDb}'`);
  fixture.restart();
}

Deno.test("attach() forgets the file again when our database is locked before it could be told from the old one", () => {
  using fixture = synced(60);
  replaceFile(fixture, (other) => withMessages(other, 50, "other"));
  using writer = openDatabase(fixture.database);
  writer.exec("BEGIN IMMEDIATE");
  throws(() => fixture.attach(), (error) => error instanceof SqliteError && error.isBusy);
  writer.exec("ROLLBACK");
  equal(fixture.attach(), "replaced");
  fixture.sync();
  equal(fixture.column("SELECT count(*) FROM messages WHERE content GLOB 'other*'")[0], 50);
});

Deno.test("sync() waits for what has no join yet in a replaced file, whatever ROWIDs our old rows have", () => {
  using fixture = synced(30);
  let late = "";
  replaceFile(fixture, (other) => {
    withMessages(other, 3, "other");
    late = other.app.message({ chat: CHAT, from: JANE, text: "late", joinLater: true }).guid;
    other.app.message({ chat: CHAT, attachments: [{ name: "cat.heic", guid: "LATE", joinLater: true }] });
  });
  fixture.sync();
  deepEqual(fixture.column("SELECT kind FROM pending_rows ORDER BY kind"), ["attachment", "message"]);
  using apple = openDatabase(fixture.chatDb);
  apple.exec(`
    INSERT INTO chat_message_join (chat_id, message_id)
      SELECT 1, ROWID FROM message WHERE guid = '${late}';
    INSERT INTO message_attachment_join (message_id, attachment_id)
      SELECT (SELECT max(ROWID) FROM message), ROWID FROM attachment WHERE guid = 'LATE'`);
  deepEqual(names(fixture.sync().events).toSorted(), ["attachment.created", "message.created"]);
});

Deno.test("sync() reads all again when an older content stands in the very same file", () => {
  using fixture = synced(120);
  fixture.app.db.exec(`
    DELETE FROM chat_message_join; DELETE FROM message;
    UPDATE sqlite_sequence SET seq = 0 WHERE name = 'message'`);
  withMessages(fixture, 100, "restored");
  const { events } = fixture.sync();
  equal(events.filter((event) => event.event === "message.created").length, 100);
});

Deno.test("sync() tells one resync when a replaced file brings more than the limit", () => {
  using fixture = synced(10, { bulkAbove: 50 });
  replaceFile(fixture, (other) => withMessages(other, 200, "other"));
  const { events, resync } = fixture.sync(20);
  ok(resync);
  ok(events.length < 100);
  equal(fixture.column("SELECT count(*) FROM messages")[0], 210);
});

Deno.test("sync() tells what differs in a replaced file of more rows than the limit, across a restart", () => {
  using fixture = synced(120, { bulkAbove: 50 });
  replaceFile(fixture, (other) => {
    withMessages(other, 1, "first");
    for (const { guid, content } of fixture.rows("SELECT guid, content FROM messages ORDER BY id")) {
      other.app.message({ chat: CHAT, from: JANE, text: String(content), guid: String(guid) });
    }
    withMessages(other, 1, "last");
  });
  const told = [...fixture.step(20).events];
  fixture.restart(); // 102 are left, and they are no backlog all the same
  const { events, resync } = fixture.sync(20);
  equal(resync, false);
  told.push(...events);
  deepEqual(told.map((event) => event.data["message"]?.content), ["first 0", "last 0"]);
});

Deno.test("sync() lets a waiting row go when it is deleted in the source, without a restart", () => {
  using fixture = synced(1);
  const { guid } = fixture.app.message({ chat: CHAT, from: JANE, text: "late", joinLater: true });
  fixture.sync();
  equal(fixture.rows("SELECT 1 FROM pending_rows").length, 1);
  fixture.app.db.exec(`DELETE FROM message WHERE guid = '${guid}'`);
  fixture.sync();
  deepEqual(fixture.rows("SELECT * FROM pending_rows"), []);
});

Deno.test("sync() takes a row whose text columns hold bytes, and all others", () => {
  using fixture = synced(1);
  const { guid } = fixture.app.message({ chat: CHAT, from: JANE, text: "odd" });
  fixture.app.change({ guid, columns: { service: new Uint8Array([0x53, 0x4d, 0x53]) } });
  withMessages(fixture, 3, "after");
  equal(fixture.sync().events.length, 4);
  deepEqual(fixture.column(`SELECT service_name FROM messages WHERE guid = '${guid}'`), ["SMS"]);
});

Deno.test("sync() ends a tapback whose successor has no date", () => {
  using fixture = synced(1);
  const target = String(fixture.column("SELECT guid FROM messages")[0]);
  const first = fixture.app.tapback({ target, kind: "like", from: JANE, dateMs: NOON_MS });
  fixture.app.change({ guid: first.guid, columns: { date: 0 } });
  fixture.sync();
  const { guid } = fixture.app.tapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  fixture.app.change({ guid, columns: { date: 0 } });
  fixture.sync();
  equal(fixture.rows("SELECT 1 FROM reactions WHERE removed_at IS NULL").length, 1);
});

Deno.test("sync() gives an attachment of two messages to the one that has a chat", () => {
  using fixture = synced(1);
  fixture.app.message({ chat: CHAT, joinLater: true, attachments: [{ name: "cat.heic", guid: "TWICE" }] });
  const second = fixture.app.message({ chat: CHAT, text: "again" });
  fixture.app.db.exec(`INSERT INTO message_attachment_join (message_id, attachment_id)
    SELECT ${second.rowid}, ROWID FROM attachment WHERE guid = 'TWICE'`);
  fixture.sync();
  deepEqual(fixture.column("SELECT m.guid FROM attachments a JOIN messages m ON m.id = a.message_id"), [
    second.guid,
  ]);
});

Deno.test("sync() takes the region from the first handle that has one when the import saw none", () => {
  using fixture = new SyncFixture({ region: null });
  fixture.sync();
  fixture.app.createChat({ address: "5550100001", country: "us" });
  fixture.sync();
  deepEqual(fixture.column("SELECT identifier FROM contact_identifiers"), ["+15550100001"]);
});

/** Makes the message's lowest chat one that has no row, as a deleted chat may leave it. */
function joinToNoChat(fixture: SyncFixture, table: string, guid: string): void {
  fixture.app.db.exec(`PRAGMA foreign_keys = OFF;
    UPDATE chat SET ROWID = 7 WHERE ROWID = 1;
    UPDATE ${table} SET chat_id = 7;
    INSERT INTO ${table} (chat_id, message_id) SELECT 3, ROWID FROM message WHERE guid = '${guid}'`);
}

Deno.test("sync() puts a message of several chats into the lowest that exists when the lowest has no row", () => {
  for (const deleted of [false, true]) {
    using fixture = new SyncFixture();
    const chat = fixture.app.createChat({ address: JANE }).guid;
    const { guid } = fixture.app.message({ chat, from: JANE, text: "both" });
    if (deleted) fixture.app.delete({ guid, dateMs: NOON_MS });
    joinToNoChat(fixture, deleted ? "chat_recoverable_message_join" : "chat_message_join", guid);
    fixture.sync();
    deepEqual(
      fixture.rows(
        "SELECT c.chat_identifier AS chat, m.deleted_at FROM messages m JOIN chats c ON c.id = m.chat_id",
      ),
      [{ chat: JANE, deleted_at: deleted ? NOON_MS : null }],
    );
    deepEqual(fixture.rows("SELECT * FROM pending_rows"), []);
  }
});
