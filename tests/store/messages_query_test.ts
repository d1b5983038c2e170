/** A chat's messages as the API lists them, made by the simulated Messages app and the real sync. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { listMessages } from "../../src/store/queries/chats.ts";
import { NOON_MS } from "../support/fake_clock.ts";
import { SyncFixture } from "../support/sync_fixture.ts";
import {
  FIRST,
  idsOfPages,
  insertChat,
  insertMessage,
  type Item,
  messages,
  refused,
} from "./support/chat_lists.ts";

const JANE = "+15550100001";
const OMAR = "omar@example.com";

Deno.test("listMessages() gives a message with its sender, reactions, attachments and edits", () => {
  using fixture = new SyncFixture();
  const { app } = fixture;
  const chat = app.createGroup({ members: [JANE, OMAR], name: "Three" }).guid;
  const first = app.message({ chat, from: OMAR, text: "What time?", dateMs: NOON_MS }).guid;
  const { guid } = app.message({
    chat,
    from: JANE,
    text: "At five",
    dateMs: NOON_MS + 1_000,
    replyTo: first,
    attachments: [{
      name: "map.png",
      mimeType: "image/png",
      uti: "public.png",
      bytes: 77,
      filename: "~/x/map.png",
      transferState: 5,
    }],
  });
  app.edit({ guid, text: "At six", dateMs: NOON_MS + 2_000 });
  app.tapback({ target: guid, kind: "love", dateMs: NOON_MS + 3_000 });
  app.tapback({ target: guid, from: OMAR, kind: "like", dateMs: NOON_MS + 4_000 });
  // Seen first: what is replaced stays as a row of ours.
  fixture.sync();
  app.tapback({ target: guid, from: OMAR, kind: "laugh", dateMs: NOON_MS + 5_000 });
  fixture.sync();
  equal(fixture.column("SELECT count(*) FROM reactions")[0], 3);
  const [newest, oldest, ...rest] = messages(fixture.db, 1);
  deepEqual(rest, []);
  const contact = (identifier: string) =>
    fixture.column(`SELECT contact_id FROM contact_identifiers WHERE identifier = '${identifier}'`)[0];
  const [jane, omar] = [contact(JANE), contact(OMAR)];
  const reactions = newest.reactions.map(({ guid: _, id: __, ...each }: Item) => each);
  const attachments = newest.attachments.map(({ guid: _, created_date: __, ...each }: Item) => each);
  deepEqual({ ...newest, reactions, attachments }, {
    id: 2,
    guid,
    chat_id: 1,
    sender_id: jane,
    sender_name: JANE,
    sender: { id: jane, name: JANE },
    content: "At six",
    timestamp: NOON_MS + 1_000,
    is_from_me: false,
    message_type: "text",
    service_name: "iMessage",
    reply_to_guid: first,
    conversation_id: newest.conversation_id,
    date_read: null,
    date_delivered: null,
    date_edited: NOON_MS + 2_000,
    date_retracted: null,
    deleted_at: null,
    send_error: null,
    reactions: [
      {
        original_part: 0,
        sender_id: 1,
        sender_name: "Me",
        reaction_type: "love",
        emoji: null,
        timestamp: NOON_MS + 3_000,
      },
      {
        original_part: 0,
        sender_id: omar,
        sender_name: OMAR,
        reaction_type: "laugh",
        emoji: null,
        timestamp: NOON_MS + 5_000,
      },
    ],
    attachments: [{
      id: 1,
      file_name: "map.png",
      path: "/Users/jane/x/map.png",
      mime_type: "image/png",
      uti: "public.png",
      size: 77,
      is_sticker: false,
      transfer_state: 5,
      deleted_at: null,
    }],
    edits: newest.edits,
  });
  deepEqual(newest.edits, [
    { part: 1, version: 0, content: "At five", edited_at: NOON_MS + 1_000 },
    { part: 1, version: 1, content: "At six", edited_at: NOON_MS + 2_000 },
  ]);
  deepEqual([oldest.reactions, oldest.attachments, oldest.edits], [[], [], []]);
  deepEqual(oldest.sender, { id: omar, name: OMAR });
});

Deno.test("listMessages() keeps what was unsent and what was deleted, and flags it", () => {
  using fixture = new SyncFixture();
  const chat = fixture.app.createChat({ address: JANE }).guid;
  const [unsent = "", recent = "", gone = ""] = [0, 1, 2].map((i) =>
    fixture.app.message({ chat, text: `text ${i}`, dateMs: NOON_MS + i }).guid
  );
  fixture.sync();
  fixture.app.unsend({ guid: unsent });
  fixture.app.delete({ guid: recent });
  fixture.app.deleteForGood({ guid: gone });
  fixture.sync();
  const [last, middle, first] = messages(fixture.db, 1);
  deepEqual([last.content, last.guid], [null, gone]);
  ok(last.deleted_at !== null && middle.deleted_at !== null);
  deepEqual([first.content, first.deleted_at], [null, null]);
  ok(first.date_retracted !== null);
});

Deno.test("listMessages() gives text as it is when it holds a NUL, and null as sender when nobody is named", () => {
  using fixture = new SyncFixture();
  const chat = insertChat(fixture.db, "c", null);
  insertMessage(fixture.db, chat, "a\0b", 1);
  fixture.db.prepare("UPDATE messages SET sender_id = NULL").run();
  const [only] = messages(fixture.db, chat);
  deepEqual([only.content, only.sender, only.sender_id, only.sender_name], ["a\0b", null, null, null]);
});

Deno.test("listMessages() gives every message once by date and id, those without a date last, whatever the pages' size", () => {
  using fixture = new SyncFixture();
  const chat = insertChat(fixture.db, "c", null);
  const other = insertChat(fixture.db, "d", null);
  const dates = [5, null, 7, 5, 5, null, -3, 0, null, 7];
  const ids = dates.map((date, i) => {
    insertMessage(fixture.db, other, `other ${i}`, date);
    return insertMessage(fixture.db, chat, `m${i}`, date);
  });
  const expected = [9, 2, 4, 3, 0, 7, 6, 8, 5, 1].map((i) => ids[i] ?? -1);
  for (const limit of [1, 2, 3, 7, 10, 200]) {
    deepEqual(
      idsOfPages((before) => listMessages(fixture.db, chat, { limit, before })),
      expected,
      `limit ${limit}`,
    );
  }
});

Deno.test("listMessages() gives what was there once when messages come in and go between two pages", () => {
  using fixture = new SyncFixture();
  const chat = insertChat(fixture.db, "c", null);
  const ids = Array.from({ length: 40 }, (_, i) => insertMessage(fixture.db, chat, `m${i}`, 100 + (i >> 2)));
  let round = 0;
  const listed = idsOfPages(
    (before) => listMessages(fixture.db, chat, { limit: 3, before }),
    () => {
      round++;
      insertMessage(fixture.db, chat, `new ${round}`, 1_000 + round);
      // iCloud brings old ones late; this one is where nothing was listed yet.
      if (round === 1) ids.unshift(insertMessage(fixture.db, chat, "late", 1));
      // The one that the page ended with.
      if (round === 5) {
        fixture.db.prepare("UPDATE messages SET deleted_at = 1 WHERE id = :id").run({ id: ids[26] ?? 0 });
      }
    },
  );
  deepEqual(listed, ids.toReversed());
});

Deno.test("listMessages() throws not_found when there is no such chat, and an empty page when it has no messages", () => {
  using fixture = new SyncFixture();
  throws(() => listMessages(fixture.db, 99, FIRST), refused("not_found"));
  deepEqual(listMessages(fixture.db, insertChat(fixture.db, "c", null), FIRST), { items: [], next: null });
});
