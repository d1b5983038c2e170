/** Chats as the API lists them, made by the simulated Messages app and the real sync. */
import { deepEqual, equal, notEqual, throws } from "node:assert/strict";
import { deferIndexes } from "../../src/store/deferred_indexes.ts";
import { listChats, listMessages } from "../../src/store/queries/chats.ts";
import { StateStore } from "../../src/store/state.ts";
import { NOON_MS } from "../support/fake_clock.ts";
import { SyncFixture } from "../support/sync_fixture.ts";
import { chats, FIRST, idsOfPages, insertChat, insertMessage, keyOf, refused } from "./support/chat_lists.ts";

const JANE = "+15550100001";
const OMAR = "omar@example.com";

Deno.test("listChats() gives a chat with its people, its title, its counts and its last message", () => {
  using fixture = new SyncFixture();
  const { app } = fixture;
  const single = app.createChat({ address: JANE }).guid;
  app.message({ chat: single, from: JANE, text: "first", dateMs: NOON_MS });
  const { guid } = app.message({
    chat: single,
    text: "second",
    dateMs: NOON_MS + 1,
    attachments: [{ name: "a.png" }, { name: "b.png" }],
  });
  fixture.sync();
  const [person] = fixture.column("SELECT contact_id FROM contact_identifiers");
  const [only, ...rest] = chats(fixture.db);
  deepEqual(rest, []);
  deepEqual(only, {
    id: 1,
    chat_identifier: JANE,
    chat_name: JANE,
    title: JANE,
    is_group: false,
    service_name: "iMessage",
    is_archived: false,
    created_date: NOON_MS,
    last_message_date: NOON_MS + 1,
    total_messages: 2,
    participants: [{ id: person, name: JANE }],
    last_message: {
      id: 2,
      guid,
      content: "second",
      timestamp: NOON_MS + 1,
      is_from_me: true,
      sender_id: 1,
      sender_name: "Me",
      sender: { id: 1, name: "Me" },
      message_type: "text",
      attachments: 2,
      date_edited: null,
      date_retracted: null,
    },
  });
});

Deno.test("listChats() calls a group by its name, by its people when it has none, by its identifier when there are none", () => {
  using fixture = new SyncFixture();
  const people = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}@example.com`);
  const groups = [
    { members: people.slice(0, 2), name: "Book club" },
    { members: people.slice(0, 4) },
    { members: people },
  ].map((group) => fixture.app.createGroup(group).guid);
  groups.forEach((chat, i) => {
    fixture.app.message({ chat, from: "a@example.com", text: "Hi", dateMs: NOON_MS - i });
  });
  fixture.sync();
  insertChat(fixture.db, "chat1234", 1);
  fixture.db.prepare("UPDATE chats SET chat_name = '' WHERE chat_identifier = 'chat1234'").run();
  deepEqual(chats(fixture.db).map(({ title }) => title), [
    "Book club",
    "a@example.com, b@example.com, c@example.com, d@example.com",
    "a@example.com, b@example.com, c@example.com, d@example.com +2",
    "chat1234",
  ]);
  equal(chats(fixture.db)[2].participants.length, 6);
});

Deno.test("listChats() shows the newest message that is not deleted, and none when there is none", () => {
  using fixture = new SyncFixture();
  const chat = fixture.app.createChat({ address: JANE }).guid;
  // The last two in the same moment.
  const [old = "", late = "", last = ""] = [0, 1, 1].map((later, i) =>
    fixture.app.message({ chat, from: JANE, text: `text ${i}`, dateMs: NOON_MS + later }).guid
  );
  fixture.sync();
  const shown = () => chats(fixture.db).map((each) => [each.last_message?.content, each.total_messages]);
  deepEqual(shown(), [["text 2", 3]]);
  const steps: [string, unknown[]][] = [[last, ["text 1", 2]], [late, ["text 0", 1]], [old, [undefined, 0]]];
  for (const [guid, expected] of steps) {
    fixture.app.deleteForGood({ guid });
    fixture.sync();
    deepEqual(shown(), [expected]);
  }
});

Deno.test("listChats() cuts a long last message at 280 characters and leaves a short one as it is", () => {
  using fixture = new SyncFixture();
  const chat = fixture.app.createChat({ address: JANE }).guid;
  const cases = [["🙂".repeat(300), "🙂".repeat(280)], ["a\0b", "a\0b"], ["x".repeat(280), "x".repeat(280)]];
  for (const [i, [text = "", shown]] of cases.entries()) {
    fixture.app.message({ chat, text, dateMs: NOON_MS + i });
    fixture.sync();
    equal(chats(fixture.db)[0].last_message.content, shown);
  }
});

Deno.test("listChats() leaves deleted chats out and keeps archived ones", () => {
  using fixture = new SyncFixture();
  const [kept, gone] = [JANE, OMAR].map((address) => {
    const chat = fixture.app.createChat({ address }).guid;
    fixture.app.message({ chat, from: address, text: "Hi" });
    return chat;
  });
  fixture.sync();
  equal(chats(fixture.db).length, 2);
  fixture.app.deleteChat({ chat: gone ?? "" });
  fixture.app.changeChat({ chat: kept ?? "", archived: true });
  fixture.sync();
  fixture.reconcile();
  for (const date of [null, NOON_MS]) {
    const chat = insertChat(fixture.db, `gone ${date}`, date);
    fixture.db.prepare("UPDATE chats SET deleted_at = 1 WHERE id = :chat").run({ chat });
  }
  deepEqual(chats(fixture.db).map((each) => [each.chat_identifier, each.is_archived]), [[JANE, true]]);
});

Deno.test("listChats() gives every chat once by date and id, those without a date last, whatever the pages' size", () => {
  using fixture = new SyncFixture();
  const dates = [5, null, 7, 5, 5, null, -3, 0, null, 7];
  const ids = dates.map((date, i) => insertChat(fixture.db, `c${i}`, date));
  const at = (i: number) => ids[i] ?? -1;
  const expected = [9, 2, 4, 3, 0, 7, 6, 8, 5, 1].map(at);
  for (const limit of [1, 2, 3, 7, 10, 200]) {
    deepEqual(
      idsOfPages((before) => listChats(fixture.db, { limit, before })),
      expected,
      `limit ${limit}`,
    );
  }
});

Deno.test("listChats() and listMessages() throw bad_request when before is nothing that they gave", () => {
  using fixture = new SyncFixture();
  const chat = insertChat(fixture.db, "c", 1);
  const wrong = [
    "",
    "x",
    "%%%",
    "bnVsbA",
    keyOf(),
    keyOf("a", 1),
    keyOf(null, 1),
    keyOf(1, 1.5),
    keyOf(1, 2, 3),
  ];
  for (const before of wrong) {
    throws(() => listChats(fixture.db, { limit: 1, before }), refused("bad_request"), before);
    throws(() => listMessages(fixture.db, chat, { limit: 1, before }), refused("bad_request"), before);
  }
});

Deno.test("chats are listed without last messages, and messages throw importing, when the import has no indexes yet", () => {
  using fixture = new SyncFixture();
  const chat = insertChat(fixture.db, "c", 1);
  insertMessage(fixture.db, chat, "m", 1);
  notEqual(chats(fixture.db)[0].last_message, null);
  fixture.db.transaction(() => deferIndexes(fixture.db, new StateStore(fixture.db)));
  deepEqual(chats(fixture.db).map((each) => [each.last_message, each.total_messages]), [[null, 1]]);
  throws(() => listMessages(fixture.db, chat, FIRST), refused("importing"));
  throws(() => listMessages(fixture.db, 99, FIRST), refused("not_found"));
});
