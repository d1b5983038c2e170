/** Deletions, unsends and edits of messages from long ago: what stays in our rows, what in the kept events. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture, type SyncFixtureOptions } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const SECRET = "where the otter sleeps";

/** A fixture in step, told live so that events are kept: one message, and more newer ones than any look back takes. */
function told(options: SyncFixtureOptions = {}, columns: object = {}, small = false): SyncFixture {
  const fixture = new SyncFixture(options);
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  const talk = (count: number) =>
    fixture.app.inOneCommit(() => {
      for (let i = 0; i < count; i++) fixture.app.message({ chat: CHAT, from: JANE, text: `filler ${i}` });
    });
  talk(40);
  fixture.app.message({ guid: "FIRST", chat: CHAT, text: SECRET, ...columns });
  talk(120);
  fixture.committed();
  if (small) {
    fixture.app.message({ chat: CHAT, from: JANE, text: "small" });
    fixture.committed();
  }
  return fixture;
}

function row(fixture: SyncFixture) {
  return fixture.rows(
    "SELECT content, deleted_at, date_retracted, source_rowid FROM messages WHERE guid = 'FIRST'",
  )[0];
}

function inEvents(fixture: SyncFixture, text: string): number {
  return fixture.column("SELECT data FROM sync_events").filter((data) => String(data).includes(text)).length;
}

Deno.test("step() keeps a message that was deleted for good as a row without text, in the kept events neither", () => {
  using fixture = told();
  equal(inEvents(fixture, SECRET), 1);
  fixture.app.edit({ guid: "FIRST", text: `${SECRET} now`, dateMs: NOON_MS + 1 });
  fixture.committed();
  equal(inEvents(fixture, SECRET), 2);
  fixture.app.deleteForGood({ guid: "FIRST" });
  const events = fixture.committed();
  deepEqual(names(events), ["message.deleted"]);
  deepEqual(row(fixture), { content: null, deleted_at: NOON_MS, date_retracted: null, source_rowid: null });
  equal(inEvents(fixture, SECRET), 0);
  deepEqual(fixture.rows("SELECT * FROM message_edits"), []);
  deepEqual(fixture.column("SELECT total_messages FROM chats"), [160]);
  deepEqual(fixture.committed(), []);
});

Deno.test("step() finds each of many messages deleted in one commit, at the ends and in the middle of pages", () => {
  for (const [from, until] of [[1, 30], [60, 140], [140, 161], [1, 161]] as const) {
    using fixture = told();
    fixture.app.db.exec(`DELETE FROM message WHERE ROWID BETWEEN ${from} AND ${until}`);
    equal(
      fixture.committed().filter(({ event }) => event === "message.deleted").length,
      until - from + 1,
      `${from}`,
    );
    equal(
      fixture.column("SELECT count(*) FROM messages WHERE deleted_at IS NULL")[0],
      161 - (until - from + 1),
    );
  }
});

Deno.test("step() takes the text of a message in Recently Deleted away when it is deleted for good, and keeps the time", () => {
  using fixture = told();
  fixture.app.delete({ guid: "FIRST", dateMs: NOON_MS + 1 });
  deepEqual(names(fixture.committed()), ["message.deleted"]);
  deepEqual([row(fixture)?.["content"], inEvents(fixture, SECRET)], [SECRET, 1]);
  fixture.app.deleteForGood({ guid: "FIRST" });
  deepEqual(fixture.committed().map(({ event, data }) => [event, data["values"]]), [["message.updated", {
    content: null,
  }]]);
  deepEqual(row(fixture), {
    content: null,
    deleted_at: NOON_MS + 1,
    date_retracted: null,
    source_rowid: null,
  });
  equal(inEvents(fixture, SECRET), 0);
});

Deno.test("step() tells an old message that goes to Recently Deleted and comes back", () => {
  using fixture = told();
  fixture.app.delete({ guid: "FIRST", dateMs: NOON_MS + 1 });
  deepEqual(names(fixture.committed()), ["message.deleted"]);
  fixture.app.recover({ guid: "FIRST" });
  deepEqual(names(fixture.committed()), ["message.restored"]);
  equal(row(fixture)?.["content"], SECRET);
});

Deno.test("step() brings a message back that was gone when a row with its GUID comes again", () => {
  using fixture = told();
  fixture.app.deleteForGood({ guid: "FIRST" });
  fixture.committed();
  const { rowid } = fixture.app.message({ guid: "FIRST", chat: CHAT, text: SECRET });
  deepEqual(names(fixture.committed()), ["message.updated", "message.restored"]);
  deepEqual(row(fixture), { content: SECRET, deleted_at: null, date_retracted: null, source_rowid: rowid });
});

Deno.test("step() tells by the deletion itself that the text went with it, so that a client keeps none", () => {
  using fixture = told();
  fixture.app.deleteForGood({ guid: "FIRST" });
  deepEqual(fixture.committed()[0]?.data["for_good"], true);
  // It comes back without text: nothing but the deletion has said that it has none.
  fixture.app.message({ guid: "FIRST", chat: CHAT, text: "" });
  deepEqual(names(fixture.committed()), ["message.restored"]);
});

Deno.test("step() leaves in the kept events what still stands of a message when another part of it is unsent", () => {
  using fixture = told({}, { attachments: [{ name: "otter.heic", guid: "OTTER" }] });
  fixture.app.unsend({ guid: "FIRST", part: 0, style: "date", dateMs: NOON_MS + 1 });
  fixture.app.change({ guid: "FIRST", columns: { date_retracted: 790_000_000_000_000_000n } });
  fixture.committed();
  deepEqual([row(fixture)?.["content"], inEvents(fixture, SECRET)], [SECRET, 1]);
  fixture.app.unsend({ guid: "FIRST", part: 1, dateMs: NOON_MS + 2 });
  fixture.committed();
  equal(inEvents(fixture, SECRET), 0);
});

Deno.test("step() tells the unsend apart of a message that was unsent and moved to Recently Deleted between two looks", () => {
  using fixture = told();
  fixture.app.unsend({ guid: "FIRST", dateMs: NOON_MS + 1 });
  fixture.app.delete({ guid: "FIRST", dateMs: NOON_MS + 2 });
  const [updated, deleted, ...more] = fixture.committed();
  deepEqual(updated?.data["changed"], ["content", "date_edited", "date_retracted"]);
  deepEqual(Object.keys(updated?.data["values"]), updated?.data["changed"]);
  deepEqual([deleted?.event, deleted?.data["for_good"], more], ["message.deleted", false, []]);
});

Deno.test("step() keeps no file name of an attachment that went with its message", () => {
  using fixture = told({}, { attachments: [{ name: "otter.heic", guid: "CAT", filename: "~/otter.heic" }] });
  fixture.app.deleteForGood({ guid: "FIRST" });
  deepEqual(names(fixture.committed()), ["message.deleted", "attachment.updated"]);
  deepEqual(fixture.rows("SELECT file_name, path, deleted_at FROM attachments"), [
    { file_name: null, path: null, deleted_at: NOON_MS },
  ]);
});

Deno.test("step() tells that a chat was deleted with its messages, and that it is there again", () => {
  using fixture = told();
  fixture.app.createChat({ address: OMAR });
  fixture.app.message({ chat: `iMessage;-;${OMAR}`, from: OMAR, text: "hi" });
  fixture.committed();
  fixture.app.deleteChat({ chat: `iMessage;-;${OMAR}` });
  deepEqual(names(fixture.committed()), ["chat.deleted", "message.deleted"]);
  fixture.app.createChat({ address: OMAR });
  const back = fixture.committed();
  deepEqual(names(back), ["chat.updated"]);
  deepEqual(back[0]?.data["values"], { deleted_at: null });
});

for (const style of ["date", "plist"] as const) {
  Deno.test(`step() takes an unsent message's text out of row, edits and kept events when it is told by ${style}`, () => {
    using fixture = told();
    fixture.app.edit({ guid: "FIRST", text: `${SECRET} now`, dateMs: NOON_MS + 1 });
    fixture.committed();
    fixture.app.unsend({ guid: "FIRST", dateMs: NOON_MS + 2, style });
    const events = fixture.committed();
    deepEqual(names(events), ["message.updated"]);
    deepEqual(events[0]?.data["changed"], ["content", "date_edited", "date_retracted"]);
    deepEqual([row(fixture)?.["content"], row(fixture)?.["date_retracted"]], [null, NOON_MS + 2]);
    equal(inEvents(fixture, SECRET), 0);
    deepEqual(fixture.rows("SELECT * FROM message_edits"), []);
  });
}

Deno.test("step() holds every version of an edited message, from the original on", () => {
  using fixture = told();
  fixture.app.edit({ guid: "FIRST", text: "second", dateMs: NOON_MS + 1 });
  fixture.committed();
  fixture.app.edit({ guid: "FIRST", text: "third", dateMs: NOON_MS + 2 });
  fixture.committed();
  const edits = () =>
    fixture.rows("SELECT part, version, content, edited_at FROM message_edits ORDER BY 1, 2");
  const expected = [SECRET, "second", "third"].map((content, version) => ({
    part: 0,
    version,
    content,
    edited_at: NOON_MS + version,
  }));
  deepEqual(edits(), expected);
});

for (const deferIndexesAbove of [0, 1_000_000]) {
  Deno.test(`sync() brings versions and unsends in with the import when indexes are deferred above ${deferIndexesAbove}`, () => {
    using fixture = new SyncFixture({ deferIndexesAbove });
    fixture.app.createChat({ address: JANE });
    fixture.app.message({ guid: "A", chat: CHAT, text: "one" });
    fixture.app.message({ guid: "B", chat: CHAT, text: "two" });
    fixture.app.edit({ guid: "A", text: "one!", dateMs: NOON_MS + 1 });
    fixture.app.unsend({ guid: "B", style: "plist", dateMs: NOON_MS + 2 });
    fixture.sync(1);
    deepEqual(fixture.column("SELECT content FROM message_edits ORDER BY version"), ["one", "one!"]);
    deepEqual(fixture.column("SELECT date_retracted FROM messages ORDER BY guid"), [null, NOON_MS + 2]);
  });
}

Deno.test("step() tells what was deleted, unsent and edited while the program did not run", () => {
  using fixture = told();
  fixture.app.message({ guid: "NEXT", chat: CHAT, text: "next" });
  fixture.committed();
  fixture.restart();
  fixture.app.deleteForGood({ guid: "FIRST" });
  fixture.app.edit({ guid: "NEXT", text: "after", dateMs: NOON_MS + 1 });
  fixture.attach();
  deepEqual(names(fixture.committed()).toSorted(), ["message.deleted", "message.updated"]);
});

Deno.test("step() finds deletions in Messages' own lists when the WAL can't tell", () => {
  // The last transaction that was read is looked at again: let that be a small one.
  using fixture = told({}, {}, true);
  fixture.app.deleteForGood({ guid: "FIRST" });
  fixture.app.checkpoint({ mode: "TRUNCATE" });
  fixture.app.message({ chat: CHAT, from: JANE, text: "into the new WAL" });
  ok(names(fixture.committed()).includes("message.deleted"));
});

for (
  const [how, unsay] of [
    [
      "unsent before its text goes",
      (app: MessagesApp) => app.change({ guid: "M", columns: { date_retracted: 790_000_000_000_000_000 } }),
    ],
    [
      "deleted after its text went",
      (app: MessagesApp) => app.change({ guid: "M", columns: { text: null, attributedBody: null } }),
    ],
  ] as const
) {
  Deno.test(`step() takes the text out of the kept events when a message is ${how}, in a commit of its own`, () => {
    using fixture = new SyncFixture();
    fixture.app.createChat({ address: JANE });
    fixture.sync();
    fixture.app.message({ guid: "M", chat: CHAT, from: JANE, text: "secret words" });
    fixture.committed();
    unsay(fixture.app);
    fixture.committed();
    if (how.startsWith("deleted")) fixture.app.deleteForGood({ guid: "M" });
    else fixture.app.change({ guid: "M", columns: { text: null, attributedBody: null } });
    fixture.committed();
    deepEqual(fixture.column("SELECT event FROM sync_events WHERE data LIKE '%secret words%'"), []);
  });
}

Deno.test("what was deleted for good lies on nowhere in our file", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < 30; i++) {
      fixture.app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `secret words ${i}` });
    }
  });
  fixture.sync();
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < 25; i++) fixture.app.deleteForGood({ guid: `M${i}` });
  });
  fixture.sync();
  fixture.db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
  fixture.release();
  const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(fixture.database));
  const left = Array.from({ length: 30 }, (_, i) => i).filter((i) =>
    new RegExp(`secret words ${i}(?!\\d)`).test(bytes)
  );
  deepEqual(left, [25, 26, 27, 28, 29]);
});
