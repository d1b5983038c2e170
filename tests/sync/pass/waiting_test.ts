import { deepEqual, equal } from "node:assert/strict";
import type { WrittenMessage } from "../../../src/simulator/operations/results.ts";
import { type HeardEvent, names, Workbench } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;
/** More than a pass looks at again without a reason. */
const MANY = 200;

/** A bench in step on which {@link MANY} messages wait for their chat. */
function waitingBench(): { readonly bench: Workbench; readonly waiting: readonly string[] } {
  const bench = new Workbench({ changes: null });
  bench.app.createChat({ address: JANE });
  bench.sync();
  const waiting = bench.app.inOneCommit(() =>
    Array.from(
      { length: MANY },
      (_, i) => bench.app.message({ chat: CHAT, from: JANE, text: `waits ${i}`, joinLater: true }).guid,
    )
  );
  bench.sync();
  commitPass(bench);
  return { bench, waiting };
}

function attachmentMessages(bench: Workbench, count: number, joinLater: boolean): WrittenMessage[] {
  return Array.from(
    { length: count },
    () => bench.app.message({ chat: CHAT, attachments: [{ name: "cat.heic", joinLater }] }),
  );
}

/** What a commit in the source brings about. */
function commitPass(bench: Workbench, thorough = false): HeardEvent[] {
  const step = bench.messages.step(5_000, "commit", bench.clock.now(), thorough);
  return step.events.map((event) => JSON.parse(event.json));
}

function createdContents(events: readonly HeardEvent[]): unknown[] {
  return events.filter((event) => event.event === "message.created")
    .map((event) => event.data["message"].content);
}

Deno.test("step() brings the oldest of many waiting messages when its chat is told and nothing else came", () => {
  const { bench, waiting } = waitingBench();
  using _ = bench;
  bench.app.join({ guid: waiting[0] ?? "" });
  deepEqual(createdContents(commitPass(bench)), ["waits 0"]);
});

Deno.test("step() brings it in the pass that looks back when a new message came with its chat", () => {
  const { bench, waiting } = waitingBench();
  using _ = bench;
  bench.app.message({ chat: CHAT, from: JANE, text: "new" });
  bench.app.join({ guid: waiting[0] ?? "" });
  deepEqual(createdContents(commitPass(bench)), ["new"]);
  deepEqual(createdContents(commitPass(bench, true)), ["waits 0"]);
});

for (const deleted of [1, 2]) {
  Deno.test(`step() brings it when ${deleted} of the newest joins were deleted, so that its ROWID was there before`, () => {
    const { bench, waiting } = waitingBench();
    using _ = bench;
    const newest = ["a", "b"].map((text) => bench.app.message({ chat: CHAT, from: JANE, text }).guid);
    commitPass(bench, true);
    for (const guid of newest.slice(-deleted)) bench.app.deleteForGood({ guid });
    bench.app.join({ guid: waiting[0] ?? "" });
    deepEqual(createdContents(commitPass(bench)), ["waits 0"]);
  });
}

for (const deleted of [0, 1, 2]) {
  Deno.test(`step() brings the oldest of many waiting attachments, after ${deleted} of the newest joins were deleted`, () => {
    using bench = new Workbench({ changes: null });
    bench.app.createChat({ address: JANE });
    const [message] = attachmentMessages(bench, MANY, true);
    const newest = attachmentMessages(bench, 2, false);
    bench.sync();
    commitPass(bench);
    for (const { guid } of newest.slice(2 - deleted)) bench.app.deleteForGood({ guid });
    bench.app.joinAttachment({ guid: message?.attachments[0]?.guid ?? "" });
    deepEqual(names(commitPass(bench)), ["attachment.created"]);
  });
}

Deno.test("step() takes attachments slice by slice and stores how far it came", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  bench.sync();
  attachmentMessages(bench, 10, false);
  const watermark = () => {
    bench.step(4);
    return bench.column("SELECT value FROM live_sync_state WHERE key = 'watermark.attachment_rowid'")[0];
  };
  deepEqual([watermark(), watermark(), watermark()], ["4", "8", "10"]);
});

Deno.test("step() looks at all that waits when it is asked for", () => {
  const { bench } = waitingBench();
  using _ = bench;
  bench.app.db.exec("DELETE FROM message");
  bench.sync();
  equal(bench.rows("SELECT 1 FROM pending_rows").length, 0);
});
