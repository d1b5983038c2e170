import assert from "node:assert/strict";
import { headOf } from "../../src/dashboard/page/feed_head.ts";
import { feedChange, type FeedLine } from "../../src/dashboard/page/feed_line.ts";
import { cutShort, messagesAtHand } from "../../src/dashboard/page/messages_at_hand.ts";
import { apart, sharedTitles } from "../../src/dashboard/page/same_titles.ts";
import type { LastMessage } from "../../src/dashboard/page/wire.ts";
import type { MergeNames } from "../../src/model/event_words.ts";

function line(part: Partial<FeedLine>): FeedLine {
  return {
    seq: 1,
    atMs: 0,
    kind: "message",
    who: "",
    what: "",
    text: null,
    chatId: 1,
    message: null,
    about: null,
    merge: null,
    files: [],
    fromMe: false,
    ...part,
  };
}

function listed(id: number, content: string | null, isFromMe = false): LastMessage {
  return {
    id,
    guid: `guid-${id}`,
    content,
    is_from_me: isFromMe,
    sender_name: isFromMe ? null : "Jane",
    attachments: 0,
    date_retracted: null,
  };
}

const NOTHING_KNOWN = { chat: undefined, about: undefined, merge: undefined };
const FIRST = { id: 1, guid: "guid-1" };

Deno.test("messagesAtHand() finds a message by guid and by number, wherever the page has it", () => {
  const found = messagesAtHand([line({ message: FIRST, who: "Sam", text: "hi" })], [listed(2, "ho", true)]);
  assert.deepEqual(found.get("guid-1"), { who: "Sam", fromMe: false, text: "hi" });
  assert.deepEqual(found.get(1), found.get("guid-1"));
  assert.deepEqual(found.get(2), { who: "You", fromMe: true, text: "ho" });
  assert.equal(found.get(3), undefined);
});

Deno.test("messagesAtHand() has no words that were taken back, and the newest of an edit, when a list is late", () => {
  const unsent = line({ message: FIRST, who: "Jane", what: "(gone)" });
  assert.equal(messagesAtHand([unsent], [listed(1, "too late")]).get(1)?.text, null);
  const edit = line({ seq: 2, kind: "change", message: FIRST, text: "new" });
  const before = line({ message: FIRST, who: "Sam", what: "(edited since)" });
  assert.deepEqual(messagesAtHand([edit, before], [listed(1, "old")]).get(1), {
    who: "Sam",
    fromMe: false,
    text: "new",
  });
  // The message itself came long ago: only the list tells who wrote it.
  assert.equal(messagesAtHand([edit], [listed(1, "old")]).get("guid-1")?.who, "Jane");
});

Deno.test("cutShort() gives one line of at most forty signs, and none of them in part", () => {
  assert.equal(cutShort(" a\n  b "), "a b");
  assert.equal(cutShort("x".repeat(40)), "x".repeat(40));
  assert.equal(cutShort("x".repeat(41)), `${"x".repeat(40)}…`);
  assert.equal(cutShort("👩‍👩‍👧".repeat(60)), `${"👩‍👩‍👧".repeat(40)}…`);
  assert.equal(cutShort(`a${" ".repeat(9_000)}b`), "a…");
});

Deno.test("headOf() names the chat only when that says more than who wrote", () => {
  const two = { title: "Vets", isGroup: false };
  const group = { title: "Walks", isGroup: true };
  const where = (who: string, chat: typeof two, fromMe = false) =>
    headOf(line({ who, fromMe }), { ...NOTHING_KNOWN, chat }).where;
  assert.equal(where("+16175550110", two), "");
  assert.equal(where("Vets", two), "");
  assert.equal(where("", two), "Vets");
  assert.equal(where("You", two, true), "to Vets");
  assert.equal(where("You", two), "to Vets");
  assert.equal(where("Sam", group), "in Walks");
  assert.equal(where("You", group), "in Walks");
  assert.equal(where("You", group, true), "to Walks");
  assert.equal(headOf(line({ who: "Sam" }), NOTHING_KNOWN).where, "");
});

Deno.test("headOf() says who sent a file when its message is at hand", () => {
  const file = line({ kind: "file", what: "File: map.pdf", about: { message: 1, word: "of" } });
  const known = { ...NOTHING_KNOWN, chat: { title: "Walks", isGroup: true } };
  assert.deepEqual(headOf(file, { ...known, about: { who: "You", fromMe: true, text: null } }), {
    who: "You",
    where: "to Walks",
    what: "File: map.pdf",
  });
  assert.deepEqual(headOf(file, known), { who: "", where: "Walks", what: "File: map.pdf" });
  // Who was reacted to is not who reacted.
  const reaction = line({ kind: "reaction", who: "Sam" });
  assert.equal(headOf(reaction, { ...known, about: { who: "Jane", fromMe: false, text: "hi" } }).who, "Sam");
});

Deno.test("headOf() names two who were merged or are two again when the list of merges tells, after the event did", () => {
  const told = (isUndone: boolean, merge: MergeNames | undefined) => {
    const event = {
      type: "event",
      seq: 1,
      at: "2026-11-22T14:03:11.204Z",
      topics: ["contacts", "contact:1", "contact:2", "chat:4"],
      data: {
        from_id: 1,
        into_id: 2,
        from_name: "Ann",
        into_name: "Bob",
        merge_id: 9,
        reason: "user",
        messages: 2,
        reactions: 0,
        participants: 1,
      },
    } as const;
    const { line } = feedChange(
      { ...event, event: isUndone ? "contact.unmerged" : "contact.merged" },
      () => null,
    );
    assert.ok(line);
    assert.equal(line.merge?.id, 9);
    const { who, what, where } = headOf(line, { ...NOTHING_KNOWN, merge });
    return [who, what, where];
  };
  const names = { from: "+16465550126", into: "Luca Ferretti" };
  assert.deepEqual(told(true, names), ["+16465550126", "and Luca Ferretti are two contacts again", ""]);
  assert.deepEqual(told(false, names), ["+16465550126", "and Luca Ferretti are one person (2 messages)", ""]);
  assert.deepEqual(told(true, undefined), ["Ann", "and Bob are two contacts again", ""]);
  const same = { from: "Luca", into: "Luca" };
  assert.deepEqual(told(false, same), ["Luca", "has one more number or address (2 messages)", ""]);
});

Deno.test("chats called alike are told apart by address, groups by who is in them", () => {
  const chat = (title: string, identifier: string, people: readonly string[] = []) => ({
    title,
    chat_identifier: identifier,
    is_group: people.length > 0,
    participants: people.map((name, id) => ({ id, name })),
  });
  const chats = [chat("Luca", "+1646"), chat("Mei", "+1212"), chat("Luca", "luca@example.com")];
  assert.deepEqual([...sharedTitles(chats)], ["Luca"]);
  assert.equal(apart(chat("Luca", "+1646")), "+1646");
  assert.equal(apart(chat("Walks", "chat83", ["Sam", "Mei"])), "Sam, Mei");
});
