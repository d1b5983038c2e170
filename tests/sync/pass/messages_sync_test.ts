import { deepEqual, equal, ok } from "node:assert/strict";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const DAY = 24 * 3600 * 1000;

/** A fixture whose first import is behind it. */
function live(options = {}): SyncFixture & Disposable {
  const fixture = new SyncFixture(options);
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  return fixture;
}

Deno.test("sync() brings a 1:1 message with sender, chat, text and time when it is committed", () => {
  using fixture = live();
  const { guid } = fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "Dinner at eight?" });
  const { events } = fixture.sync();
  deepEqual(names(events), ["message.created"]);
  const message = events[0]?.data["message"];
  equal(message.guid, guid);
  equal(message.content, "Dinner at eight?");
  equal(message.sender_name, JANE);
  equal(message.is_from_me, false);
  equal(message.timestamp, NOON_MS);
  equal(message.service_name, "iMessage");
  equal(message.message_type, "text");
  equal(events[0]?.data["backfill"], false);
  equal(events[0]?.data["late_ms"], 0);
  deepEqual(events[0]?.topics, ["chats", `chat:${message.chat_id}`]);
  deepEqual(
    fixture.rows("SELECT chat_identifier, chat_name, is_group, total_messages, last_message_date FROM chats"),
    [
      { chat_identifier: JANE, chat_name: JANE, is_group: 0, total_messages: 1, last_message_date: NOON_MS },
    ],
  );
});

Deno.test("sync() gives my own messages to the contact that is me", () => {
  using fixture = live();
  fixture.app.message({ chat: `iMessage;-;${JANE}`, text: "On my way" });
  const { events } = fixture.sync();
  equal(events[0]?.data["message"].is_from_me, true);
  deepEqual(
    fixture.rows(
      "SELECT c.is_me, m.sender_identifier_id FROM messages m JOIN contacts c ON c.id = m.sender_id",
    ),
    [{ is_me: 1, sender_identifier_id: null }],
  );
});

Deno.test("sync() makes one chat and one contact of one address on iMessage and SMS", () => {
  using fixture = live();
  fixture.app.createChat({ address: JANE, service: "SMS" });
  fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "blue" });
  fixture.app.message({ chat: `SMS;-;${JANE}`, from: JANE, text: "green" });
  fixture.sync();
  deepEqual(fixture.rows("SELECT total_messages FROM chats"), [{ total_messages: 2 }]);
  deepEqual(fixture.column("SELECT service_name FROM messages ORDER BY id"), ["iMessage", "SMS"]);
  equal(fixture.rows("SELECT 1 FROM contacts WHERE NOT is_me").length, 1);
});

Deno.test("sync() reads text from the body, from text or from both, and takes attachment placeholders out", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  fixture.app.message({ chat, from: JANE, text: "in the body", storage: "body" });
  fixture.app.message({ chat, from: JANE, text: "in text", storage: "text" });
  fixture.app.message({ chat, from: JANE, text: "in both", storage: "both" });
  fixture.app.message({ chat, from: JANE, attachments: [{ name: "cat.heic" }] });
  fixture.app.message({ chat, from: JANE, text: " kept blanks ", attachments: [{ name: "dog.heic" }] });
  fixture.sync();
  deepEqual(fixture.rows("SELECT content, message_type FROM messages ORDER BY id"), [
    { content: "in the body", message_type: "text" },
    { content: "in text", message_type: "text" },
    { content: "in both", message_type: "text" },
    { content: null, message_type: "attachment" },
    { content: " kept blanks ", message_type: "text" },
  ]);
});

Deno.test("sync() keeps a NUL inside a message's text, in the database and in the event", () => {
  using fixture = live();
  fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "a\0b" });
  const { events } = fixture.sync();
  equal(events[0]?.data["message"].content, "a\0b");
  deepEqual(fixture.column("SELECT hex(content) FROM messages"), ["610062"]);
});

Deno.test("sync() counts a body that can't be read, leaves its content NULL, and mends it when the body does", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  const { guid } = fixture.app.message({ chat, from: JANE, text: "whole" });
  fixture.app.change({ guid, columns: { attributedBody: new Uint8Array([4, 11, 115, 116]) } });
  fixture.sync();
  deepEqual(fixture.rows("SELECT content, undecodable FROM messages"), [{ content: null, undecodable: 1 }]);
  fixture.app.change({ guid, columns: { text: "mended" } });
  const { events } = fixture.sync();
  deepEqual(events[0]?.data["changed"], ["content"]);
  deepEqual(fixture.rows("SELECT content, undecodable FROM messages"), [{
    content: "mended",
    undecodable: 0,
  }]);
});

Deno.test("sync() reads dates in seconds in old rows and calls them backfill", () => {
  using fixture = live();
  const dateMs = Date.UTC(2015, 4, 1);
  fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "old", dateMs, dateUnit: "s" });
  const { events } = fixture.sync();
  equal(events[0]?.data["message"].timestamp, dateMs);
  equal(events[0]?.data["backfill"], true);
});

Deno.test("sync() keeps a message without a chat pending, holds up nobody, and tells it once it is joined", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  const late = fixture.app.message({ chat, from: JANE, text: "late", joinLater: true });
  const next = fixture.app.message({ chat, from: JANE, text: "next" });
  deepEqual(fixture.sync().events.map((event) => event.data["message"].guid), [next.guid]);
  deepEqual(fixture.rows("SELECT kind, source_rowid FROM pending_rows"), [{
    kind: "message",
    source_rowid: late.rowid,
  }]);
  deepEqual(fixture.sync().events, []);
  fixture.restart();
  fixture.app.join({ guid: late.guid });
  deepEqual(fixture.sync().events.map((event) => event.data["message"].guid), [late.guid]);
  deepEqual(fixture.rows("SELECT * FROM pending_rows"), []);
});

Deno.test("sync() finds the join of a message that many newer ones have come after", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  const late = fixture.app.message({ chat, from: JANE, text: "late", joinLater: true });
  // More than are looked at again for being recent.
  for (let i = 0; i < 80; i++) fixture.app.message({ chat, from: JANE, text: `newer ${i}` });
  fixture.sync();
  fixture.app.join({ guid: late.guid });
  deepEqual(fixture.sync().events.map((event) => event.data["message"].guid), [late.guid]);
});

Deno.test("sync() puts a message of several chats into the one with the lowest ROWID", () => {
  using fixture = live();
  const group = fixture.app.createGroup({ members: [JANE, OMAR] });
  const { guid } = fixture.app.message({ chat: group.guid, from: JANE, text: "both" });
  fixture.app.join({ guid, chat: `iMessage;-;${JANE}` });
  fixture.sync();
  deepEqual(
    fixture.column("SELECT c.chat_identifier FROM messages m JOIN chats c ON c.id = m.chat_id"),
    [JANE],
  );
});

Deno.test("sync() tells a new group with its members, its rename and who joined and left", () => {
  using fixture = live();
  const group = fixture.app.createGroup({ members: [JANE, OMAR], name: "Climbing" });
  const made = fixture.sync().events;
  deepEqual(names(made), ["contact.created", "chat.created"]);
  const chat = made[1]?.data["chat"];
  equal(chat.chat_name, "Climbing");
  equal(chat.is_group, true);
  equal(chat.participants.length, 2);

  fixture.app.happening({ chat: group.guid, kind: "renamed", title: "Bouldering", from: JANE });
  const renamed = fixture.sync().events;
  deepEqual(names(renamed), ["chat.updated"]);
  deepEqual(renamed[0]?.data["changed"], ["chat_name"]);
  deepEqual(renamed[0]?.data["values"], { chat_name: "Bouldering" });

  fixture.app.happening({ chat: group.guid, kind: "memberAdded", member: "+15550100003", from: JANE });
  const added = fixture.sync().events;
  deepEqual(names(added), ["contact.created", "chat.participants"]);
  equal(added[1]?.data["added"].length, 1);
  fixture.app.happening({ chat: group.guid, kind: "left", from: OMAR });
  const left = fixture.sync().events;
  deepEqual(names(left), ["chat.participants"]);
  equal(left[0]?.data["removed"].length, 1);
  deepEqual(fixture.column("SELECT kind FROM chat_events ORDER BY id"), ["renamed", "member_added", "left"]);
  equal(fixture.rows("SELECT 1 FROM messages").length, 0);
});

Deno.test("sync() names the other side as sender of a 1:1 message whose handle is 0, and nobody in a group", () => {
  using fixture = live();
  const group = fixture.app.createGroup({ members: [JANE, OMAR] });
  fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "one", columns: { handle_id: 0 } });
  fixture.app.message({ chat: group.guid, from: JANE, text: "two", columns: { handle_id: 0 } });
  fixture.sync();
  deepEqual(
    fixture.column("SELECT c.name FROM messages m LEFT JOIN contacts c ON c.id = m.sender_id ORDER BY m.id"),
    [JANE, null],
  );
});

Deno.test("sync() tells only the columns that differ when a recent message is read or edited", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  const { guid } = fixture.app.message({ chat, text: "Helo" });
  fixture.sync();
  fixture.app.markRead({ guid, dateMs: NOON_MS + 5_000 });
  const read = fixture.sync().events;
  deepEqual(names(read), ["message.updated"]);
  deepEqual(read[0]?.data["changed"], ["date_read"]);
  deepEqual(read[0]?.data["values"], { date_read: NOON_MS + 5_000 });
  fixture.app.edit({ guid, text: "Hello", dateMs: NOON_MS + 9_000 });
  const edited = fixture.sync().events;
  deepEqual(edited[0]?.data["values"], { content: "Hello", date_edited: NOON_MS + 9_000 });
  deepEqual(fixture.sync().events, []);
});

Deno.test("sync() marks a message in Recently Deleted, and brings it back", () => {
  using fixture = live();
  const { guid } = fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "oops" });
  fixture.sync();
  fixture.app.delete({ guid, dateMs: NOON_MS + 1_000 });
  deepEqual(names(fixture.sync().events), ["message.deleted"]);
  deepEqual(fixture.rows("SELECT m.deleted_at, c.total_messages FROM messages m JOIN chats c"), [
    { deleted_at: NOON_MS + 1_000, total_messages: 0 },
  ]);
  fixture.app.recover({ guid });
  deepEqual(names(fixture.sync().events), ["message.restored"]);
  deepEqual(fixture.column("SELECT total_messages FROM chats"), [1]);
});

Deno.test("sync() tells an attachment after its message, when its join comes late, and as it fills in", () => {
  using fixture = live();
  const { guid } = fixture.app.message({
    chat: `iMessage;-;${JANE}`,
    from: JANE,
    attachments: [{ name: "cat.heic", mimeType: "image/heic", joinLater: true, guid: "ATT-1" }],
  });
  deepEqual(names(fixture.sync().events), ["message.created"]);
  deepEqual(fixture.column("SELECT kind FROM pending_rows"), ["attachment"]);
  fixture.app.joinAttachment({ guid: "ATT-1" });
  const joined = fixture.sync().events;
  deepEqual(names(joined), ["attachment.created"]);
  equal(joined[0]?.data["attachment"].file_name, "cat.heic");
  equal(joined[0]?.data["attachment"].path, null);
  const id = fixture.column(`SELECT id FROM messages WHERE guid = '${guid}'`)[0];
  equal(joined[0]?.data["message_id"], id);
  fixture.app.updateAttachment({
    guid: "ATT-1",
    transferState: 5,
    filename: "~/Library/Messages/Attachments/01/cat.heic",
    bytes: 1234,
  });
  const filled = fixture.sync().events;
  deepEqual(filled[0]?.data["changed"], ["path", "size", "transfer_state"]);
  deepEqual(filled[0]?.data["values"], {
    path: "/Users/jane/Library/Messages/Attachments/01/cat.heic",
    size: 1234,
    transfer_state: 5,
  });
});

Deno.test("sync() finds a file replaced by another, reads it again, keeps our ids and tells only what differs", () => {
  using fixture = live();
  const chat = `iMessage;-;${JANE}`;
  const first = fixture.app.message({ chat, from: JANE, text: "one" });
  fixture.app.message({ chat, from: JANE, text: "two" });
  fixture.sync();
  const ids = fixture.rows("SELECT id, guid FROM messages ORDER BY id");

  using other = new SyncFixture({ seed: 2 });
  other.app.createChat({ address: OMAR });
  other.app.createChat({ address: JANE });
  other.app.message({ chat: `iMessage;-;${OMAR}`, from: OMAR, text: "other rowids" });
  other.app.message({ chat, from: JANE, text: "one", guid: first.guid });
  other.app.checkpoint({ mode: "TRUNCATE" });
  fixture.restart();
  fixture.quitApp();
  Deno.removeSync(fixture.chatDb);
  other.app.db.exec(`VACUUM INTO '${fixture.chatDb}'`);
  equal(fixture.attach(), "replaced");
  const { events } = fixture.sync();
  deepEqual(names(events).toSorted(), ["chat.created", "contact.created", "message.created"]);
  deepEqual(fixture.rows("SELECT id, guid FROM messages ORDER BY id LIMIT 2"), ids);
});

Deno.test("sync() tells a backlog of more rows than the limit as one resync that old positions can't be replayed over", () => {
  using fixture = live({ bulkAbove: 20 });
  const chat = `iMessage;-;${JANE}`;
  fixture.app.message({ chat, from: JANE, text: "told" });
  fixture.sync();
  const before = fixture.outbox.position();
  for (let i = 0; i < 21; i++) fixture.app.message({ chat, from: JANE, text: `message ${i}` });
  deepEqual(fixture.step(5).events, []);
  fixture.restart(); // a kill in the middle must not lose that this is one
  const rest = fixture.sync(5);
  deepEqual(rest.events, []);
  ok(rest.resync);
  const after = fixture.outbox.position();
  ok(before.seq < after.oldest - 1, "a client that had everything before must be told to resync");
  fixture.app.message({ chat, from: JANE, text: "live again" });
  deepEqual(fixture.sync().events.map((event) => event.seq), [after.seq + 1]);
  equal(fixture.rows("SELECT 1 FROM messages").length, 23);
});

Deno.test("sync() tells every row of a backlog below the limit, however long we were away", () => {
  using fixture = live();
  for (let i = 0; i < 300; i++) {
    fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: `${i}`, dateMs: NOON_MS - 30 * DAY });
  }
  fixture.restart();
  const { events } = fixture.sync(64);
  deepEqual(
    events.map((event) => event.data["message"].content),
    Array.from({ length: 300 }, (_, i) => `${i}`),
  );
});
