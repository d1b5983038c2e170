import { deepEqual, equal } from "node:assert/strict";
import { type HeardEvent, Workbench } from "../support/workbench.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;
/** More than a pass looks at again without a reason. */
const MANY = 200;

/** A bench in step on which {@link MANY} messages wait for their chat. */
function waitingBench(): { readonly bench: Workbench; readonly waiting: readonly string[] } {
  const bench = new Workbench();
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

Deno.test("step() brings it when the newest join was deleted, so that its ROWID is given again", () => {
  const { bench, waiting } = waitingBench();
  using _ = bench;
  const { guid } = bench.app.message({ chat: CHAT, from: JANE, text: "new" });
  commitPass(bench, true);
  bench.app.deleteForGood({ guid });
  commitPass(bench, true);
  bench.app.join({ guid: waiting[0] ?? "" });
  deepEqual(createdContents(commitPass(bench)), ["waits 0"]);
});

Deno.test("step() looks at all that waits when it is asked for", () => {
  const { bench } = waitingBench();
  using _ = bench;
  bench.app.db.exec("DELETE FROM message");
  bench.sync();
  equal(bench.rows("SELECT 1 FROM pending_rows").length, 0);
});
