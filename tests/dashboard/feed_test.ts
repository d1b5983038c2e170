import assert from "node:assert/strict";
import { feedChange, type FeedLine, tapbackSign } from "../../src/dashboard/page/feed_line.ts";
import { MOST_LINES, newLines } from "../../src/dashboard/page/feed_lines.ts";
import type { MessageData, StoredEvent } from "../../src/model/events.ts";

const AT = "2026-11-22T14:03:11.204Z";
const nobody = () => null;

function message(id: number, content: string | null, more: Partial<MessageData> = {}): MessageData {
  return {
    id,
    guid: `guid-${id}`,
    chat_id: 12,
    sender_id: 7,
    sender_name: "Jane",
    content,
    timestamp: 5,
    is_from_me: false,
    message_type: "text",
    service_name: "iMessage",
    reply_to_guid: null,
    conversation_id: 1,
    date_read: null,
    date_delivered: null,
    date_edited: null,
    date_retracted: null,
    deleted_at: null,
    send_error: null,
    ...more,
  };
}

function created(seq: number, id = seq, content: string | null = `words ${id}`): StoredEvent {
  return {
    type: "event",
    seq,
    at: AT,
    event: "message.created",
    topics: ["chats", "chat:12"],
    data: { message: message(id, content), backfill: false },
  };
}

function updated(seq: number, id: number, values: Record<string, string | number | null>): StoredEvent {
  return {
    type: "event",
    seq,
    at: AT,
    event: "message.updated",
    topics: ["chats", "chat:12"],
    data: { message_id: id, guid: `guid-${id}`, changed: Object.keys(values), values },
  };
}

function shown(events: readonly StoredEvent[], before: readonly FeedLine[] = []) {
  return newLines(before, events.map((event) => feedChange(event, nobody)));
}

Deno.test("feedChange() tells who wrote where, and keeps the words apart, when a message comes", () => {
  const { line } = feedChange(created(3), nobody);
  assert.deepEqual(line, {
    seq: 3,
    atMs: Date.parse(AT),
    kind: "message",
    who: "Jane",
    what: "",
    text: "words 3",
    chatId: 12,
    message: { id: 3, guid: "guid-3" },
    about: null,
    fromMe: false,
  });
  assert.equal(feedChange(created(3, 3, null), nobody).line?.what, "sent something without text");
});

Deno.test("feedChange() gives no line when a message was only delivered or read", () => {
  for (const values of [{ date_read: 5 }, { date_delivered: 5 }, { conversation_id: 4 }]) {
    assert.deepEqual(feedChange(updated(1, 1, values), nobody), { line: null, forget: null });
  }
  assert.equal(
    feedChange(updated(1, 1, { send_error: 4 }), nobody).line?.what,
    "A message could not be sent",
  );
});

Deno.test("feedChange() names both when two contacts turn out to be one", () => {
  const event: StoredEvent = {
    type: "event",
    seq: 1,
    at: AT,
    event: "contact.merged",
    topics: ["contacts", "contact:1", "contact:2", "chat:4"],
    data: {
      from_id: 1,
      into_id: 2,
      merge_id: 1,
      reason: "one_card",
      messages: 1,
      reactions: 0,
      participants: 1,
    },
  };
  const names = new Map([[1, "+15550100001"], [2, "Jane"]]);
  const { line } = feedChange(event, (id) => names.get(id) ?? null);
  assert.deepEqual([line?.who, line?.what, line?.chatId], ["Jane", "and +15550100001 are one person", null]);
  assert.equal(feedChange(event, nobody).line?.who, "A contact");
});

Deno.test("newLines() has the newest first and each once when events come again", () => {
  const first = shown([created(1), created(2)]);
  assert.deepEqual(first.lines.map(({ seq }) => seq), [2, 1]);
  const again = shown([created(2), created(3)], first.lines);
  assert.deepEqual([again.lines.map(({ seq }) => seq), again.came], [[3, 2, 1], 1]);
});

Deno.test("newLines() keeps only the newest when more come than are shown", () => {
  const many = Array.from({ length: MOST_LINES * 2 }, (_, i) => created(i + 1));
  const { lines, came } = shown(many);
  assert.equal(came, MOST_LINES * 2);
  assert.equal(lines.length, MOST_LINES);
  assert.equal(lines[0]?.seq, MOST_LINES * 2);
  assert.equal(shown([created(MOST_LINES * 2 + 1)], lines).lines.length, MOST_LINES);
});

Deno.test("newLines() takes words out of what is shown when their message was unsent, deleted or edited", () => {
  const before = shown([created(1), created(2), created(3)]).lines;
  const texts = (events: readonly StoredEvent[]) => shown(events, before).lines.map(({ text }) => text);
  assert.deepEqual(texts([updated(4, 2, { date_retracted: 9, content: null })]), [
    null,
    "words 3",
    null,
    "words 1",
  ]);
  const deleted: StoredEvent = {
    type: "event",
    seq: 4,
    at: AT,
    event: "message.deleted",
    topics: ["chats", "chat:12"],
    data: { message_id: 3, guid: "guid-3", for_good: false },
  };
  assert.deepEqual(texts([deleted]), [null, null, "words 2", "words 1"]);
  assert.deepEqual(texts([updated(4, 1, { content: "other words", date_edited: 9 })]), [
    "other words",
    "words 3",
    "words 2",
    null,
  ]);
  // Both in one go.
  assert.deepEqual(shown([created(1), updated(2, 1, { date_retracted: 9 })]).lines.map(({ text }) => text), [
    null,
    null,
  ]);
});

Deno.test("tapbackSign() gives the emoji that was picked, or the one of the kind", () => {
  assert.equal(tapbackSign("emoji", "🦀"), "🦀");
  assert.equal(tapbackSign("love", null), "❤️");
  assert.equal(tapbackSign("something new", null), "something new");
});
