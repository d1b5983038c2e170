import assert from "node:assert/strict";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import type { Connection, SqlParams } from "../../src/sqlite/sqlite.ts";
import { dumpRows } from "./support/dump.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const NORA = "+14155550142";
const MEI = "+12125550187";
const AT = Date.UTC(2025, 5, 1, 12);

function appOn(db: Connection): MessagesApp {
  return new MessagesApp(db, { clock: fastClock(), random: new SeededRandom(7) });
}

function row(db: Connection, sql: string, params: SqlParams = {}): Record<string, unknown> {
  return { ...db.prepare(sql).get(params) };
}

function count(db: Connection, table: string): unknown {
  return row(db, `SELECT count(*) AS n FROM ${table}`)["n"];
}

Deno.test("message() leaves one row with its body, nanoseconds and join row", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA });
  const { guid, rowid } = app.message({ chat: chat.guid, from: NORA, text: "There are cows", dateMs: AT });
  assert.match(guid, /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
  const written = row(
    file.db,
    `SELECT m.text, instr(m.attributedBody, 'There are cows') > 0 AS inBody, cast(m.date AS TEXT) AS date,
            h.id AS sender, m.is_from_me, m.destination_caller_id AS mine, j.chat_id, j.message_date = m.date AS sameDate
       FROM message m JOIN handle h ON h.ROWID = m.handle_id JOIN chat_message_join j ON j.message_id = m.ROWID
      WHERE m.ROWID = :rowid`,
    { rowid },
  );
  assert.deepEqual(written, {
    text: null,
    inBody: 1,
    date: `${(AT - 978_307_200_000) / 1_000}000000000`,
    sender: NORA,
    is_from_me: 0,
    mine: "+12125550100",
    chat_id: chat.rowid,
    sameDate: 1,
  });
});

Deno.test("message() writes text and seconds when it is an old row", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA, service: "SMS" });
  app.message({ chat: chat.guid, text: "Hi", storage: "text", dateMs: AT, dateUnit: "s" });
  assert.deepEqual(row(file.db, "SELECT text, attributedBody, date, service, is_from_me FROM message"), {
    text: "Hi",
    attributedBody: null,
    date: (AT - 978_307_200_000) / 1_000,
    service: "SMS",
    is_from_me: 1,
  });
});

Deno.test("message() leaves the join row to join() when told to", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createGroup({ members: [NORA, MEI], identifier: "chat1" });
  const { guid } = app.message({ chat: chat.guid, text: "later", joinLater: true });
  assert.equal(count(file.db, "chat_message_join"), 0);
  app.join({ guid });
  assert.equal(count(file.db, "chat_message_join"), 1);
  assert.equal(row(file.db, "SELECT cache_roomnames AS room FROM message")["room"], "chat1");
  assert.throws(() => app.join({ guid }), { code: "no_chat" });
});

Deno.test("message() sets other columns and refuses unknown ones", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA });
  app.message({ chat: chat.guid, text: "tomorrow", columns: { schedule_type: 2 } });
  assert.equal(row(file.db, "SELECT schedule_type AS type FROM message")["type"], 2);
  assert.throws(() => app.message({ chat: chat.guid, columns: { schedul: 2 } }), { code: "unknown_column" });
  assert.equal(count(file.db, "message"), 1);
});

Deno.test("message() names the thread when it is a reply", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  const first = app.message({ chat, text: "Dinner?" });
  app.message({ chat, from: NORA, text: "Yes", replyTo: first.guid });
  assert.deepEqual(
    row(
      file.db,
      "SELECT thread_originator_guid AS guid, thread_originator_part AS part FROM message WHERE ROWID = 2",
    ),
    { guid: first.guid, part: "0:0:1" },
  );
});

Deno.test("createChat() shares the identifier when an address has iMessage and SMS", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  app.createChat({ address: NORA });
  app.createChat({ address: NORA, service: "SMS", joinLater: true });
  assert.deepEqual(
    row(
      file.db,
      "SELECT count(*) AS n, count(DISTINCT chat_identifier) AS ids, max(style) AS style FROM chat",
    ),
    { n: 2, ids: 1, style: 45 },
  );
  assert.equal(count(file.db, "handle"), 2);
  assert.equal(count(file.db, "chat_handle_join"), 1);
  app.joinChatHandles({ chat: `SMS;-;${NORA}` });
  assert.equal(count(file.db, "chat_handle_join"), 2);
});

Deno.test("markRead() and markDelivered() set date and flag", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  const { guid } = app.message({ chat, text: "Hi", dateMs: AT });
  app.markDelivered({ guid, dateMs: AT + 1_000 });
  app.markRead({ guid, dateMs: AT + 2_000 });
  assert.deepEqual(
    row(
      file.db,
      `SELECT (date_delivered - date) / 1000000 AS delivered, (date_read - date) / 1000000 AS read,
                       is_delivered, is_read FROM message`,
    ),
    { delivered: 1_000, read: 2_000, is_delivered: 1, is_read: 1 },
  );
});

Deno.test("delete() keeps the row, recover() brings it back, deleteForGood() leaves only its GUID", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  const { guid } = app.message({ chat, text: "Oops", attachments: [{ name: "a.jpg" }] });
  const places = () => [
    count(file.db, "chat_message_join"),
    count(file.db, "chat_recoverable_message_join"),
    count(file.db, "message"),
  ];
  app.delete({ guid });
  assert.deepEqual(places(), [0, 1, 1]);
  app.recover({ guid });
  assert.deepEqual(places(), [1, 0, 1]);
  app.delete({ guid });
  app.deleteForGood({ guid });
  assert.deepEqual(places(), [0, 0, 0]);
  assert.equal(count(file.db, "attachment"), 0);
  assert.equal(row(file.db, "SELECT guid FROM deleted_messages")["guid"], guid);
});

Deno.test("deleteChat() takes its messages along", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  app.message({ chat, text: "Hi" });
  app.deleteChat({ chat });
  assert.deepEqual([count(file.db, "chat"), count(file.db, "message")], [0, 0]);
  assert.equal(row(file.db, "SELECT guid FROM sync_deleted_chats")["guid"], chat);
});

Deno.test("MessagesApp writes the same rows when the seed is the same", () => {
  const dump = () => {
    using file = temporaryChatDatabase();
    const app = appOn(file.db);
    const chat = app.createGroup({ members: [NORA, MEI], name: "Us" }).guid;
    const { guid } = app.message({ chat, from: NORA, text: "Hi 🙂", attachments: [{ name: "a.jpg" }] });
    app.tapback({ target: guid, kind: "love" });
    app.happening({ chat, kind: "renamed", title: "We" });
    app.edit({ guid, text: "Hello" });
    return dumpRows(file.db);
  };
  const first = dump();
  assert.ok(first.length > 10);
  assert.deepEqual(dump(), first);
});
