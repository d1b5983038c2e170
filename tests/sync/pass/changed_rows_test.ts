/**
 * Each kind of change of a row that was there long before, found by the WAL alone: more newer messages than any look-back
 * takes, and passes as a commit starts them.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { LOOK_BACK } from "../../../src/sync/pass/pass_plan.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { type HeardEvent, names, SyncFixture, type SyncFixtureOptions } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const EVE = "eve@example.com";
const CHAT = `iMessage;-;${JANE}`;
const GROUP = "iMessage;+;chat900";
/** More than a look back takes. */
const NEWER = 120;

/** A fixture in step: `old` does what lies long ago. */
function longAgo(
  old: (fixture: SyncFixture) => void,
  options: SyncFixtureOptions = {},
  newer = NEWER,
): SyncFixture {
  const fixture = new SyncFixture(options);
  fixture.app.createChat({ address: JANE });
  fixture.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  // The lowest row ids are those of other tables' rows, too, and would be looked at for these.
  const talk = (count: number) =>
    fixture.app.inOneCommit(() => {
      for (let i = 0; i < count; i++) fixture.app.message({ chat: CHAT, from: JANE, text: `filler ${i}` });
    });
  talk(40);
  old(fixture);
  talk(newer);
  fixture.sync();
  // The last transaction that was read is looked at again: let that be a small one.
  fixture.app.message({ chat: CHAT, from: JANE, text: "small" });
  fixture.committed();
  return fixture;
}

/** The values of the one event that is told. */
function only(events: readonly HeardEvent[], name: string): HeardEvent["data"] {
  deepEqual(names(events), [name]);
  return events[0]?.data ?? {};
}

function changedBy(
  old: (fixture: SyncFixture) => void,
  change: (fixture: SyncFixture) => void,
): HeardEvent[] {
  using fixture = longAgo(old);
  change(fixture);
  const events = fixture.committed();
  deepEqual(fixture.committed(), [], "nothing is told twice");
  return events;
}

const first = (text = "first") => ({ app }: SyncFixture) => {
  app.message({ guid: "FIRST", chat: CHAT, text });
};

Deno.test("step() tells an edit of an old message by the WAL alone", () => {
  const events = changedBy(
    first("Helo"),
    ({ app }) => app.edit({ guid: "FIRST", text: "Hello", dateMs: NOON_MS + 5 }),
  );
  deepEqual(only(events, "message.updated")["values"], { content: "Hello", date_edited: NOON_MS + 5 });
});

Deno.test("step() tells that a part of an old message was unsent, and keeps the versions of the others", () => {
  using fixture = longAgo(({ app }) => {
    app.message({
      guid: "FIRST",
      chat: CHAT,
      text: "look",
      attachments: [{ name: "cat.heic", guid: "CAT" }],
    });
  });
  const versions = () => fixture.column("SELECT part || ' ' || content FROM message_edits ORDER BY 1");
  fixture.app.edit({ guid: "FIRST", part: 1, text: "look!", dateMs: NOON_MS + 5 });
  fixture.committed();
  fixture.app.unsend({ guid: "FIRST", part: 0, dateMs: NOON_MS + 6 });
  const { changed, values } = only(fixture.committed(), "message.updated");
  ok(!changed.includes("content"), "what was said stays");
  equal(values["date_edited"], NOON_MS + 6);
  deepEqual(versions(), ["1 look", "1 look!"]);
  fixture.app.unsend({ guid: "FIRST", part: 1, dateMs: NOON_MS + 7 });
  equal(only(fixture.committed(), "message.updated")["values"]["content"], null);
  deepEqual(versions(), []);
});

Deno.test("step() tells that an old message was read and delivered, and names nothing else", () => {
  const events = changedBy(first(), ({ app }) => {
    app.markDelivered({ guid: "FIRST", dateMs: NOON_MS + 1 });
    app.markRead({ guid: "FIRST", dateMs: NOON_MS + 2 });
  });
  deepEqual(only(events, "message.updated")["changed"], ["date_read", "date_delivered"]);
});

Deno.test("step() tells that an old message of mine was not sent, and that it was after all", () => {
  using fixture = longAgo(first());
  fixture.app.change({ guid: "FIRST", columns: { error: 22 } });
  deepEqual(only(fixture.committed(), "message.updated")["values"], { send_error: 22 });
  fixture.app.change({ guid: "FIRST", columns: { error: 0 } });
  deepEqual(only(fixture.committed(), "message.updated")["values"], { send_error: null });
});

Deno.test("step() tells that an old message is mine after all, with the columns that follow from it", () => {
  const events = changedBy(({ app }) => {
    app.message({ guid: "FIRST", chat: CHAT, from: JANE, text: "who" });
  }, ({ app }) => app.change({ guid: "FIRST", columns: { is_from_me: 1 } }));
  deepEqual(only(events, "message.updated")["changed"], ["sender_id", "is_from_me"]);
});

Deno.test("step() takes along when an address was last heard of as an old message's sender is corrected", () => {
  using fixture = longAgo(({ app }) => {
    app.message({ guid: "FIRST", chat: GROUP, from: OMAR, text: "one", dateMs: NOON_MS - 2 });
    app.message({ guid: "SECOND", chat: GROUP, from: OMAR, text: "two", dateMs: NOON_MS - 1 });
  });
  const lastUsed = () =>
    fixture.column(`SELECT last_used FROM contact_identifiers WHERE identifier = '${OMAR}'`)[0];
  const found: unknown[] = [lastUsed()];
  for (const [guid, mine] of [["SECOND", 1], ["FIRST", 1], ["SECOND", 0]] as const) {
    fixture.app.change({ guid, columns: { is_from_me: mine } });
    fixture.committed();
    found.push(lastUsed());
  }
  deepEqual(found, [NOON_MS - 1, NOON_MS - 2, null, NOON_MS - 1]);
});

Deno.test("step() tells text that comes late to an old message", () => {
  const events = changedBy(first(""), ({ app }) => app.change({ guid: "FIRST", columns: { text: "late" } }));
  deepEqual(only(events, "message.updated")["values"], { content: "late" });
});

Deno.test("step() tells an old message whose chat comes late", () => {
  const events = changedBy(
    ({ app }) => app.message({ guid: "FIRST", chat: CHAT, from: JANE, text: "late", joinLater: true }),
    ({ app }) => app.join({ guid: "FIRST" }),
  );
  equal(only(events, "message.created")["message"].guid, "FIRST");
});

Deno.test("step() tells nothing of a row that was written and says the same", () => {
  const events = changedBy(first(), ({ app }) => {
    app.change({ guid: "FIRST", columns: { is_played: 1, was_deduplicated: 1 } });
    app.db.exec("UPDATE chat SET last_read_message_timestamp = 7; UPDATE attachment SET user_info = x'00'");
  });
  deepEqual(events, []);
});

Deno.test("step() tells state, size and name of an old attachment as they fill in", () => {
  const events = changedBy(
    ({ app }) => app.message({ chat: CHAT, from: JANE, attachments: [{ name: "cat.heic", guid: "CAT" }] }),
    ({ app }) => {
      app.updateAttachment({ guid: "CAT", filename: "~/cat.heic", bytes: 12 });
      app.db.exec("UPDATE attachment SET transfer_name = 'kitten.heic' WHERE guid = 'CAT'");
    },
  );
  deepEqual(only(events, "attachment.updated")["values"], {
    file_name: "kitten.heic",
    path: "/Users/jane/cat.heic",
    size: 12,
    transfer_state: 5,
  });
});

Deno.test("step() tells an old attachment whose message is named late", () => {
  const events = changedBy(
    ({ app }) =>
      app.message({
        chat: CHAT,
        from: JANE,
        attachments: [{ name: "cat.heic", guid: "CAT", joinLater: true }],
      }),
    ({ app }) => app.joinAttachment({ guid: "CAT" }),
  );
  equal(only(events, "attachment.created")["attachment"].guid, "CAT");
});

Deno.test("step() tells that a chat was renamed and archived where no message came with it", () => {
  using fixture = longAgo(() => {});
  fixture.app.changeChat({ chat: GROUP, name: "Bouldering" });
  deepEqual(only(fixture.committed(), "chat.updated")["values"], { chat_name: "Bouldering" });
  fixture.app.changeChat({ chat: GROUP, archived: true });
  deepEqual(only(fixture.committed(), "chat.updated")["values"], { is_archived: true });
  deepEqual(fixture.committed(), []);
});

Deno.test("step() keeps that an old group's photo was changed, and follows a correction of that row", () => {
  using fixture = longAgo(({ app }) => {
    app.happening({ guid: "PHOTO", chat: GROUP, kind: "photoChanged", from: OMAR, dateMs: NOON_MS + 1 });
  });
  const kinds = () => fixture.column("SELECT kind FROM chat_events ORDER BY id");
  fixture.app.happening({ chat: GROUP, kind: "photoChanged", from: JANE, dateMs: NOON_MS + 2 });
  deepEqual(fixture.committed(), []);
  fixture.app.change({ guid: "PHOTO", columns: { group_action_type: 2 } });
  deepEqual(fixture.committed(), []);
  deepEqual(kinds(), ["photo_removed", "photo_changed"]);
});

Deno.test("step() tells who was added to and removed from a group where no message came with it", () => {
  using fixture = longAgo(() => {});
  const id = (identifier: string) =>
    fixture.column(`SELECT contact_id FROM contact_identifiers WHERE identifier = '${identifier}'`)[0];
  fixture.app.changeMembers({ chat: GROUP, add: [EVE] });
  const added = fixture.committed();
  deepEqual(names(added), ["contact.created", "chat.participants"]);
  deepEqual(added[1]?.data["added"], [id(EVE)]);
  fixture.app.changeMembers({ chat: GROUP, remove: [OMAR] });
  const removed = only(fixture.committed(), "chat.participants");
  deepEqual([removed["added"], removed["removed"]], [[], [id(OMAR)]]);
});

Deno.test("step() tells that a group's only member was removed where no message came with it", () => {
  using fixture = longAgo(({ app }) => app.createGroup({ members: [OMAR], identifier: "chat901" }));
  fixture.app.changeMembers({ chat: "iMessage;+;chat901", remove: [OMAR] });
  equal(only(fixture.committed(), "chat.participants")["removed"].length, 1);
});

Deno.test("step() re-points the old messages of a handle that names somebody else now", () => {
  using fixture = longAgo(({ app }) => {
    app.message({ guid: "FIRST", chat: GROUP, from: OMAR, text: "hi" });
    app.message({ guid: "SECOND", chat: GROUP, from: OMAR, text: "ho" });
  });
  fixture.app.changeHandle({ address: OMAR, newAddress: "omar@example.com" });
  const events = fixture.committed();
  deepEqual(names(events), ["contact.created", "chat.participants", "message.updated", "message.updated"]);
  deepEqual(events.slice(2).map((event) => event.data["changed"]), [["sender_id"], ["sender_id"]]);
  deepEqual(
    fixture.column(
      "SELECT c.name FROM messages m JOIN contacts c ON c.id = m.sender_id WHERE guid IN ('FIRST', 'SECOND')",
    ),
    ["omar@example.com", "omar@example.com"],
  );
});

Deno.test("step() tells that an old tapback was changed, and taken back", () => {
  using fixture = longAgo(({ app }) => {
    app.message({ guid: "FIRST", chat: CHAT, text: "first" });
    app.tapback({ target: "FIRST", kind: "love", from: JANE, dateMs: NOON_MS + 1 });
  });
  fixture.app.tapback({ target: "FIRST", kind: "like", from: JANE, dateMs: NOON_MS + 2 });
  const changed = fixture.committed();
  deepEqual(changed.map(({ event, data }) => [event, data["reaction"].reaction_type]), [
    ["reaction.removed", "love"],
    ["reaction.added", "like"],
  ]);
  fixture.app.removeTapback({ target: "FIRST", kind: "like", from: JANE, dateMs: NOON_MS + 3 });
  equal(only(fixture.committed(), "reaction.removed")["reaction"].reaction_type, "like");
});

Deno.test("step() tells that an old tapback is mine after all, and that the one which it had ended stands again", () => {
  const target = { target: "FIRST", chat: CHAT, from: JANE };
  using fixture = longAgo(({ app }) => {
    app.message({ guid: "FIRST", chat: CHAT, text: "first" });
    app.tapback({ ...target, guid: "LOVE", kind: "love", dateMs: NOON_MS + 1 });
  });
  // As two devices leave it: the earlier one was not taken away.
  fixture.app.tapback({ ...target, guid: "LIKE", kind: "like", targetForm: "bare", dateMs: NOON_MS + 2 });
  fixture.committed();
  fixture.app.message({ chat: CHAT, from: JANE, text: "small" });
  fixture.committed();
  fixture.app.change({ guid: "LIKE", columns: { is_from_me: 1 } });
  const events = fixture.committed();
  const jane = fixture.column(`SELECT contact_id FROM contact_identifiers WHERE identifier = '${JANE}'`)[0];
  deepEqual(events.map(({ event, data }) => [event, data["reaction"].guid, data["reaction"].sender_id]), [
    ["reaction.added", "LOVE", jane],
    ["reaction.removed", "LIKE", jane],
    ["reaction.added", "LIKE", 1],
  ]);
});

Deno.test("step() tells that an old sticker is gone when its row is", () => {
  const events = changedBy(({ app }) => {
    app.message({ guid: "FIRST", chat: CHAT, text: "first" });
    app.tapback({ guid: "STICKER", target: "FIRST", kind: "sticker", from: JANE, dateMs: NOON_MS + 1 });
  }, ({ app }) => app.deleteForGood({ guid: "STICKER" }));
  equal(only(events, "reaction.removed")["reaction"].guid, "STICKER");
});

Deno.test("step() tells a tapback whose kind was corrected in its row as one that went and one that came", () => {
  const events = changedBy(({ app }) => {
    app.message({ guid: "FIRST", chat: CHAT, text: "first" });
    app.tapback({ guid: "TAP", target: "FIRST", kind: "love", from: JANE, dateMs: NOON_MS + 1 });
  }, ({ app }) => app.change({ guid: "TAP", columns: { associated_message_type: 2001 } }));
  deepEqual(events.map(({ event, data }) => [event, data["reaction"].reaction_type]), [
    ["reaction.removed", "love"],
    ["reaction.added", "like"],
  ]);
});

Deno.test("step() goes on in the WAL where it was when the program was started again", () => {
  using fixture = longAgo(first("Helo"));
  const place = () => fixture.column("SELECT value FROM live_sync_state WHERE key = 'wal.place'")[0];
  const before = place();
  fixture.app.message({ chat: CHAT, from: JANE, text: "one more" });
  fixture.committed();
  ok(place() !== before, "the place is stored with the rows");
  fixture.restart();
  fixture.app.edit({ guid: "FIRST", text: "Hello", dateMs: NOON_MS + 5 });
  fixture.attach();
  deepEqual(only(fixture.committed(), "message.updated")["changed"], ["content", "date_edited"]);
  equal(fixture.messages.comparison.walking, false);
});

Deno.test("step() finds an edit across a WAL that began anew between two looks", () => {
  using fixture = longAgo(first("Helo"));
  fixture.app.edit({ guid: "FIRST", text: "Hello", dateMs: NOON_MS + 5 });
  fixture.app.checkpoint({ mode: "RESTART" });
  fixture.app.message({ chat: CHAT, from: JANE, text: "into the new WAL" });
  deepEqual(names(fixture.committed()), ["message.updated", "message.created"]);
});

Deno.test("step() asks for a comparison of everything when the WAL was cut off unread, and that finds the edit", () => {
  // So many that the edited message's row ids are on no page that the next message changes.
  using fixture = longAgo(first("Helo"), {}, 600);
  fixture.app.edit({ guid: "FIRST", text: "Hello", dateMs: NOON_MS + 5 });
  fixture.app.checkpoint({ mode: "TRUNCATE" });
  fixture.app.message({ chat: CHAT, from: JANE, text: "into the new WAL" });
  deepEqual(names(fixture.committed()), ["message.created"]);
  equal(fixture.messages.comparison.walking, true);
  deepEqual(names(fixture.reconcile()), ["message.updated"]);
});

Deno.test("step() looks back alone when the WAL is not read", () => {
  using fixture = longAgo(first("Helo"), { changes: null });
  fixture.app.edit({ guid: "FIRST", text: "Hello", dateMs: NOON_MS + 5 });
  deepEqual(fixture.committed(), []);
  const late = fixture.messages.step(5_000, LOOK_BACK, fixture.clock.now(), true);
  equal(late.events.length, 0);
});
