import { deepEqual, equal } from "node:assert/strict";
import type { WrittenMessage } from "../../../src/simulator/operations/results.ts";
import { type HeardEvent, names, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;
/** More than a pass looks at again without a reason. */
const MANY = 200;

/** A fixture in step on which {@link MANY} messages wait for their chat. */
function waitingFixture(): { readonly fixture: SyncFixture; readonly waiting: readonly string[] } {
  const fixture = new SyncFixture({ changes: null });
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  const waiting = fixture.app.inOneCommit(() =>
    Array.from(
      { length: MANY },
      (_, i) => fixture.app.message({ chat: CHAT, from: JANE, text: `waits ${i}`, joinLater: true }).guid,
    )
  );
  fixture.sync();
  commitPass(fixture);
  return { fixture, waiting };
}

function attachmentMessages(fixture: SyncFixture, count: number, joinLater: boolean): WrittenMessage[] {
  return Array.from(
    { length: count },
    () => fixture.app.message({ chat: CHAT, attachments: [{ name: "cat.heic", joinLater }] }),
  );
}

/** What a commit in the source brings about. */
function commitPass(fixture: SyncFixture, thorough = false): HeardEvent[] {
  const step = fixture.messages.step(5_000, "commit", fixture.clock.now(), thorough);
  return step.events.map((event) => JSON.parse(event.json));
}

function createdContents(events: readonly HeardEvent[]): unknown[] {
  return events.filter((event) => event.event === "message.created")
    .map((event) => event.data["message"].content);
}

Deno.test("step() brings the oldest of many waiting messages when its chat is told and nothing else came", () => {
  const { fixture, waiting } = waitingFixture();
  using _ = fixture;
  fixture.app.join({ guid: waiting[0] ?? "" });
  deepEqual(createdContents(commitPass(fixture)), ["waits 0"]);
});

Deno.test("step() brings it in the pass that looks back when a new message came with its chat", () => {
  const { fixture, waiting } = waitingFixture();
  using _ = fixture;
  fixture.app.message({ chat: CHAT, from: JANE, text: "new" });
  fixture.app.join({ guid: waiting[0] ?? "" });
  deepEqual(createdContents(commitPass(fixture)), ["new"]);
  deepEqual(createdContents(commitPass(fixture, true)), ["waits 0"]);
});

for (const deleted of [1, 2]) {
  Deno.test(`step() brings it when ${deleted} of the newest joins were deleted, so that its ROWID was there before`, () => {
    const { fixture, waiting } = waitingFixture();
    using _ = fixture;
    const newest = ["a", "b"].map((text) => fixture.app.message({ chat: CHAT, from: JANE, text }).guid);
    commitPass(fixture, true);
    for (const guid of newest.slice(-deleted)) fixture.app.deleteForGood({ guid });
    fixture.app.join({ guid: waiting[0] ?? "" });
    deepEqual(createdContents(commitPass(fixture)), ["waits 0"]);
  });
}

for (const deleted of [0, 1, 2]) {
  Deno.test(`step() brings the oldest of many waiting attachments, after ${deleted} of the newest joins were deleted`, () => {
    using fixture = new SyncFixture({ changes: null });
    fixture.app.createChat({ address: JANE });
    const [message] = attachmentMessages(fixture, MANY, true);
    const newest = attachmentMessages(fixture, 2, false);
    fixture.sync();
    commitPass(fixture);
    for (const { guid } of newest.slice(2 - deleted)) fixture.app.deleteForGood({ guid });
    fixture.app.joinAttachment({ guid: message?.attachments[0]?.guid ?? "" });
    deepEqual(names(commitPass(fixture)), ["attachment.created"]);
  });
}

Deno.test("step() takes attachments slice by slice and stores how far it came", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  attachmentMessages(fixture, 10, false);
  const watermark = () => {
    fixture.step(4);
    return fixture.column("SELECT value FROM live_sync_state WHERE key = 'watermark.attachment_rowid'")[0];
  };
  deepEqual([watermark(), watermark(), watermark()], ["4", "8", "10"]);
});

Deno.test("step() looks at all that waits when it is asked for", () => {
  const { fixture } = waitingFixture();
  using _ = fixture;
  fixture.app.db.exec("DELETE FROM message");
  fixture.sync();
  equal(fixture.rows("SELECT 1 FROM pending_rows").length, 0);
});
