import assert from "node:assert/strict";
import { happenedIn } from "../../src/cli/demo/wire.ts";
import { feedChange, type FeedLine } from "../../src/dashboard/page/feed_line.ts";
import { tapbackSign } from "../../src/model/event_words.ts";
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
    data: { message: message(id, content), backfill: false, late_ms: 7 },
  };
}

function file(seq: number, messageId: number, name: string, type = "image/heic"): StoredEvent {
  return {
    type: "event",
    seq,
    at: AT,
    event: "attachment.created",
    topics: ["chats", "chat:12"],
    data: {
      attachment: {
        id: seq,
        guid: `file-${seq}`,
        message_id: messageId,
        file_name: name,
        path: null,
        mime_type: type,
        uti: null,
        size: 5,
        created_date: 5,
        is_sticker: false,
        transfer_state: 5,
        deleted_at: null,
      },
      message_id: messageId,
      chat_id: 12,
    },
  };
}

function updated(seq: number, id: number, values: Record<string, string | number | null>): StoredEvent {
  return {
    type: "event",
    seq,
    at: AT,
    event: "message.updated",
    topics: ["chats", "chat:12"],
    data: { message_id: id, guid: `guid-${id}`, chat_id: 12, changed: Object.keys(values), values },
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
    merge: null,
    files: [],
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
      from_name: "Jane Doe",
      into_name: "Jane",
      merge_id: 1,
      reason: "one_card",
      messages: 1,
      reactions: 0,
      participants: 1,
    },
  };
  const names = new Map([[1, "+15550100001"], [2, "Jane"]]);
  const { line } = feedChange(event, (id) => names.get(id) ?? null);
  assert.deepEqual([line?.who, line?.what, line?.chatId], [
    "+15550100001",
    "and Jane are one person (1 message)",
    null,
  ]);
  // Of a merge that nobody knows any more the event itself says who it was.
  assert.equal(feedChange(event, nobody).line?.who, "Jane Doe");
  const older = { ...event, data: { ...event.data, from_name: undefined, into_name: undefined } };
  assert.equal(feedChange(older, nobody).line?.what, "and another contact are one person (1 message)");
});

Deno.test("feedChange() tells a new name behind the one before", () => {
  const renamed = (previous_name: string): StoredEvent => ({
    type: "event",
    seq: 1,
    at: AT,
    event: "contact.updated",
    topics: ["contacts", "contact:3"],
    data: {
      contact_id: 3,
      name: "Luca Ferretti",
      previous_name,
      update_type: "name_updated",
      identifiers: ["+16465550126"],
    },
  });
  const told = (previous: string) => {
    const { line } = feedChange(renamed(previous), nobody);
    return `${line?.who} ${line?.what}`;
  };
  assert.equal(told("Luca F."), "Luca F. is now called Luca Ferretti");
  assert.equal(told("+16465550126"), "+16465550126 is Luca Ferretti");
  for (const previous of ["Luca F.", "+16465550126"]) {
    assert.equal(happenedIn(renamed(previous))?.text, told(previous), "the terminal says the same");
  }
});

Deno.test("newLines() makes one line of a message without text and its files, whether they come at once or later", () => {
  const told = (lines: readonly FeedLine[]) => lines.map(({ seq, what }) => [seq, what]);
  const photo = [1, "sent a picture: IMG_7731.HEIC"];
  const atOnce = shown([created(1, 1, null), created(2), file(3, 1, "IMG_7731.HEIC")]);
  assert.deepEqual([told(atOnce.lines), atOnce.came], [[[2, ""], photo], 2]);
  const message = shown([created(1, 1, null)]);
  assert.deepEqual(told(message.lines), [[1, "sent something without text"]]);
  const later = shown([file(3, 1, "IMG_7731.HEIC")], message.lines);
  assert.deepEqual([told(later.lines), later.came], [[photo], 0]);
  // What comes once more changes nothing.
  assert.deepEqual(shown([file(3, 1, "IMG_7731.HEIC")], later.lines), { lines: later.lines, came: 0 });
  const two = shown([file(4, 1, "IMG_7732.HEIC")], later.lines);
  assert.deepEqual(told(two.lines), [[1, "sent 2 pictures: IMG_7731.HEIC, IMG_7732.HEIC"]]);
});

Deno.test("newLines() keeps a file's own line when its message has a text, is not shown or was taken back", () => {
  const whats = (events: readonly StoredEvent[]) => shown(events).lines.map(({ what }) => what);
  assert.deepEqual(whats([created(1), file(2, 1, "IMG_1.HEIC")]), ["Picture: IMG_1.HEIC", ""]);
  assert.deepEqual(whats([file(2, 1, "map.pdf", "application/pdf")]), ["File: map.pdf"]);
  const gone = [created(1, 1, null), file(2, 1, "IMG_1.HEIC"), updated(3, 1, { date_retracted: 9 })];
  assert.deepEqual(whats(gone), ["A message was unsent", "(gone)"]);
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
    data: { message_id: 3, guid: "guid-3", chat_id: 12, for_good: false },
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

Deno.test("the page and the terminal say edits, unsent messages and tapbacks in the same words", () => {
  const tapback = (event: "reaction.added" | "reaction.removed"): StoredEvent => ({
    type: "event",
    seq: 1,
    at: AT,
    event,
    topics: ["chats", "chat:12"],
    data: {
      reaction: {
        id: 1,
        guid: "tapback",
        original_message_guid: "guid-1",
        original_part: 0,
        chat_id: 12,
        sender_id: 7,
        sender_name: "Jane",
        reaction_type: "love",
        emoji: null,
        timestamp: 5,
        removed_at: null,
      },
      message_id: 1,
      chat_id: 12,
    },
  });
  const edited = updated(1, 1, { content: "new words", date_edited: 7 });
  for (
    const event of [
      updated(1, 1, { date_retracted: 7 }),
      tapback("reaction.added"),
      tapback("reaction.removed"),
    ]
  ) {
    assert.equal(happenedIn(event)?.text, feedChange(event, nobody).line?.what);
  }
  assert.equal(happenedIn(edited)?.text, `${feedChange(edited, nobody).line?.what}: new words`);
  assert.equal(
    happenedIn(tapback("reaction.added"))?.targetWord,
    feedChange(tapback("reaction.added"), nobody).line?.about?.word,
  );
});
