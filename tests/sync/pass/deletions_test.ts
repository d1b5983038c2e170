/** Deletions, unsends and edits of messages from long ago: what stays in our rows, what in the kept events. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { MessagesApp } from "../../../src/simulator/messages_app.ts";
import {
  type HeardEvent,
  names,
  NOON_MS,
  Workbench,
  type WorkbenchOptions,
} from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const SECRET = "where the otter sleeps";

/** A bench in step, told live so that events are kept: one message, and more newer ones than any look back takes. */
function told(options: WorkbenchOptions = {}, columns: object = {}, small = false): Workbench {
  const bench = new Workbench(options);
  bench.app.createChat({ address: JANE });
  bench.sync();
  const talk = (count: number) =>
    bench.app.inOneCommit(() => {
      for (let i = 0; i < count; i++) bench.app.message({ chat: CHAT, from: JANE, text: `filler ${i}` });
    });
  talk(40);
  bench.app.message({ guid: "FIRST", chat: CHAT, text: SECRET, ...columns });
  talk(120);
  committed(bench);
  if (small) {
    bench.app.message({ chat: CHAT, from: JANE, text: "small" });
    committed(bench);
  }
  return bench;
}

function committed(bench: Workbench): HeardEvent[] {
  const events: HeardEvent[] = [];
  while (true) {
    const step = bench.messages.step(5_000, "commit", bench.clock.now(), false);
    events.push(...step.events.map((event) => JSON.parse(event.json)));
    if (!step.more) return events;
  }
}

function row(bench: Workbench) {
  return bench.rows(
    "SELECT content, deleted_at, date_retracted, source_rowid FROM messages WHERE guid = 'FIRST'",
  )[0];
}

function inEvents(bench: Workbench, text: string): number {
  return bench.column("SELECT data FROM sync_events").filter((data) => String(data).includes(text)).length;
}

Deno.test("step() keeps a message that was deleted for good as a row without text, in the kept events neither", () => {
  using bench = told();
  equal(inEvents(bench, SECRET), 1);
  bench.app.edit({ guid: "FIRST", text: `${SECRET} now`, dateMs: NOON_MS + 1 });
  committed(bench);
  equal(inEvents(bench, SECRET), 2);
  bench.app.deleteForGood({ guid: "FIRST" });
  const events = committed(bench);
  deepEqual(names(events), ["message.deleted"]);
  deepEqual(row(bench), { content: null, deleted_at: NOON_MS, date_retracted: null, source_rowid: null });
  equal(inEvents(bench, SECRET), 0);
  deepEqual(bench.rows("SELECT * FROM message_edits"), []);
  deepEqual(bench.column("SELECT total_messages FROM chats"), [160]);
  deepEqual(committed(bench), []);
});

Deno.test("step() finds each of many messages deleted in one commit, at the ends and in the middle of pages", () => {
  for (const [from, until] of [[1, 30], [60, 140], [140, 161], [1, 161]] as const) {
    using bench = told();
    bench.app.db.exec(`DELETE FROM message WHERE ROWID BETWEEN ${from} AND ${until}`);
    equal(
      committed(bench).filter(({ event }) => event === "message.deleted").length,
      until - from + 1,
      `${from}`,
    );
    equal(
      bench.column("SELECT count(*) FROM messages WHERE deleted_at IS NULL")[0],
      161 - (until - from + 1),
    );
  }
});

Deno.test("step() takes the text of a message in Recently Deleted away when it is deleted for good, and keeps the time", () => {
  using bench = told();
  bench.app.delete({ guid: "FIRST", dateMs: NOON_MS + 1 });
  deepEqual(names(committed(bench)), ["message.deleted"]);
  deepEqual([row(bench)?.["content"], inEvents(bench, SECRET)], [SECRET, 1]);
  bench.app.deleteForGood({ guid: "FIRST" });
  deepEqual(committed(bench).map(({ event, data }) => [event, data["values"]]), [["message.updated", {
    content: null,
  }]]);
  deepEqual(row(bench), { content: null, deleted_at: NOON_MS + 1, date_retracted: null, source_rowid: null });
  equal(inEvents(bench, SECRET), 0);
});

Deno.test("step() tells an old message that goes to Recently Deleted and comes back", () => {
  using bench = told();
  bench.app.delete({ guid: "FIRST", dateMs: NOON_MS + 1 });
  deepEqual(names(committed(bench)), ["message.deleted"]);
  bench.app.recover({ guid: "FIRST" });
  deepEqual(names(committed(bench)), ["message.restored"]);
  equal(row(bench)?.["content"], SECRET);
});

Deno.test("step() brings a message back that was gone when a row with its GUID comes again", () => {
  using bench = told();
  bench.app.deleteForGood({ guid: "FIRST" });
  committed(bench);
  const { rowid } = bench.app.message({ guid: "FIRST", chat: CHAT, text: SECRET });
  deepEqual(names(committed(bench)), ["message.updated", "message.restored"]);
  deepEqual(row(bench), { content: SECRET, deleted_at: null, date_retracted: null, source_rowid: rowid });
});

Deno.test("step() tells by the deletion itself that the text went with it, so that a client keeps none", () => {
  using bench = told();
  bench.app.deleteForGood({ guid: "FIRST" });
  deepEqual(committed(bench)[0]?.data["for_good"], true);
  // It comes back without text: nothing but the deletion has said that it has none.
  bench.app.message({ guid: "FIRST", chat: CHAT, text: "" });
  deepEqual(names(committed(bench)), ["message.restored"]);
});

Deno.test("step() leaves in the kept events what still stands of a message when another part of it is unsent", () => {
  using bench = told({}, { attachments: [{ name: "otter.heic", guid: "OTTER" }] });
  bench.app.unsend({ guid: "FIRST", part: 0, style: "date", dateMs: NOON_MS + 1 });
  bench.app.change({ guid: "FIRST", columns: { date_retracted: 790_000_000_000_000_000n } });
  committed(bench);
  deepEqual([row(bench)?.["content"], inEvents(bench, SECRET)], [SECRET, 1]);
  bench.app.unsend({ guid: "FIRST", part: 1, dateMs: NOON_MS + 2 });
  committed(bench);
  equal(inEvents(bench, SECRET), 0);
});

Deno.test("step() tells the unsend apart of a message that was unsent and moved to Recently Deleted between two looks", () => {
  using bench = told();
  bench.app.unsend({ guid: "FIRST", dateMs: NOON_MS + 1 });
  bench.app.delete({ guid: "FIRST", dateMs: NOON_MS + 2 });
  const [updated, deleted, ...more] = committed(bench);
  deepEqual(updated?.data["changed"], ["content", "date_edited", "date_retracted"]);
  deepEqual(Object.keys(updated?.data["values"]), updated?.data["changed"]);
  deepEqual([deleted?.event, deleted?.data["for_good"], more], ["message.deleted", false, []]);
});

Deno.test("step() keeps no file name of an attachment that went with its message", () => {
  using bench = told({}, { attachments: [{ name: "otter.heic", guid: "CAT", filename: "~/otter.heic" }] });
  bench.app.deleteForGood({ guid: "FIRST" });
  deepEqual(names(committed(bench)), ["message.deleted", "attachment.updated"]);
  deepEqual(bench.rows("SELECT file_name, path, deleted_at FROM attachments"), [
    { file_name: null, path: null, deleted_at: NOON_MS },
  ]);
});

Deno.test("step() tells that a chat was deleted with its messages, and that it is there again", () => {
  using bench = told();
  bench.app.createChat({ address: OMAR });
  bench.app.message({ chat: `iMessage;-;${OMAR}`, from: OMAR, text: "hi" });
  committed(bench);
  bench.app.deleteChat({ chat: `iMessage;-;${OMAR}` });
  deepEqual(names(committed(bench)), ["chat.deleted", "message.deleted"]);
  bench.app.createChat({ address: OMAR });
  const back = committed(bench);
  deepEqual(names(back), ["chat.updated"]);
  deepEqual(back[0]?.data["values"], { deleted_at: null });
});

for (const style of ["date", "plist"] as const) {
  Deno.test(`step() takes an unsent message's text out of row, edits and kept events when it is told by ${style}`, () => {
    using bench = told();
    bench.app.edit({ guid: "FIRST", text: `${SECRET} now`, dateMs: NOON_MS + 1 });
    committed(bench);
    bench.app.unsend({ guid: "FIRST", dateMs: NOON_MS + 2, style });
    const events = committed(bench);
    deepEqual(names(events), ["message.updated"]);
    deepEqual(events[0]?.data["changed"], ["content", "date_edited", "date_retracted"]);
    deepEqual([row(bench)?.["content"], row(bench)?.["date_retracted"]], [null, NOON_MS + 2]);
    equal(inEvents(bench, SECRET), 0);
    deepEqual(bench.rows("SELECT * FROM message_edits"), []);
  });
}

Deno.test("step() holds every version of an edited message, from the original on", () => {
  using bench = told();
  bench.app.edit({ guid: "FIRST", text: "second", dateMs: NOON_MS + 1 });
  committed(bench);
  bench.app.edit({ guid: "FIRST", text: "third", dateMs: NOON_MS + 2 });
  committed(bench);
  const edits = () => bench.rows("SELECT part, version, content, edited_at FROM message_edits ORDER BY 1, 2");
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
    using bench = new Workbench({ deferIndexesAbove });
    bench.app.createChat({ address: JANE });
    bench.app.message({ guid: "A", chat: CHAT, text: "one" });
    bench.app.message({ guid: "B", chat: CHAT, text: "two" });
    bench.app.edit({ guid: "A", text: "one!", dateMs: NOON_MS + 1 });
    bench.app.unsend({ guid: "B", style: "plist", dateMs: NOON_MS + 2 });
    bench.sync(1);
    deepEqual(bench.column("SELECT content FROM message_edits ORDER BY version"), ["one", "one!"]);
    deepEqual(bench.column("SELECT date_retracted FROM messages ORDER BY guid"), [null, NOON_MS + 2]);
  });
}

Deno.test("step() tells what was deleted, unsent and edited while the program did not run", () => {
  using bench = told();
  bench.app.message({ guid: "NEXT", chat: CHAT, text: "next" });
  committed(bench);
  bench.restart();
  bench.app.deleteForGood({ guid: "FIRST" });
  bench.app.edit({ guid: "NEXT", text: "after", dateMs: NOON_MS + 1 });
  bench.attach();
  deepEqual(names(committed(bench)).toSorted(), ["message.deleted", "message.updated"]);
});

Deno.test("step() finds deletions in Messages' own lists when the WAL can't tell", () => {
  // The last transaction that was read is looked at again: let that be a small one.
  using bench = told({}, {}, true);
  bench.app.deleteForGood({ guid: "FIRST" });
  bench.app.checkpoint({ mode: "TRUNCATE" });
  bench.app.message({ chat: CHAT, from: JANE, text: "into the new WAL" });
  ok(names(committed(bench)).includes("message.deleted"));
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
    using bench = new Workbench();
    bench.app.createChat({ address: JANE });
    bench.sync();
    bench.app.message({ guid: "M", chat: CHAT, from: JANE, text: "secret words" });
    committed(bench);
    unsay(bench.app);
    committed(bench);
    if (how.startsWith("deleted")) bench.app.deleteForGood({ guid: "M" });
    else bench.app.change({ guid: "M", columns: { text: null, attributedBody: null } });
    committed(bench);
    deepEqual(bench.column("SELECT event FROM sync_events WHERE data LIKE '%secret words%'"), []);
  });
}

Deno.test("what was deleted for good lies on nowhere in our file", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  bench.app.inOneCommit(() => {
    for (let i = 0; i < 30; i++) {
      bench.app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `secret words ${i}` });
    }
  });
  bench.sync();
  bench.app.inOneCommit(() => {
    for (let i = 0; i < 25; i++) bench.app.deleteForGood({ guid: `M${i}` });
  });
  bench.sync();
  bench.db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
  bench.release();
  const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(bench.database));
  const left = Array.from({ length: 30 }, (_, i) => i).filter((i) =>
    new RegExp(`secret words ${i}(?!\\d)`).test(bytes)
  );
  deepEqual(left, [25, 26, 27, 28, 29]);
});
