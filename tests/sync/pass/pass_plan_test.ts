import { deepEqual, equal } from "node:assert/strict";
import { joinsAfter, trustsJoins } from "../../../src/sync/pass/already_examined.ts";
import { NO_SLICE, wholeSlice } from "../../../src/sync/pass/changed_rows.ts";
import { type LivePass, LOOK_BACK, scopeOf } from "../../../src/sync/pass/pass_plan.ts";

const SLICE = { sliceRows: 100, region: "US", nowMs: 0 } as const;
const JOINS = { chats: 1, recoverable: 2, attachments: 3, names: "x" } as const;
const LIVE: LivePass = {
  kind: "live",
  ...SLICE,
  reason: "commit",
  tapbacksAfter: 7,
  lookBack: 48,
  thorough: false,
  changed: NO_SLICE,
  gap: false,
  joinsSeen: JOINS,
  rewalk: null,
  bulkAbove: 10_000,
};

Deno.test("scopeOf() takes new rows in every pass but a comparison, and has no indexes in the import's first part alone", () => {
  const first = scopeOf({ kind: "import_rows", ...SLICE });
  const rest = scopeOf({ kind: "import_rest", ...SLICE, tapbacksAfter: 5, breaksFeed: false });
  const compare = scopeOf({
    kind: "compare",
    region: null,
    nowMs: 0,
    range: { first: 1, last: 9 },
    isEnd: false,
    joinsSeen: JOINS,
    untold: false,
  });
  deepEqual([first, rest, scopeOf(LIVE), compare].map(({ takesNew }) => takesNew), [true, true, true, false]);
  deepEqual([first, rest, scopeOf(LIVE), compare].map(({ indexed }) => indexed), [false, true, true, true]);
  deepEqual([first.tapbacksAfter, rest.tapbacksAfter, compare.tapbacksAfter], [null, 5, null]);
  deepEqual(compare.changed, wholeSlice({ first: 1, last: 9 }));
});

Deno.test("scopeOf() makes a live pass thorough, and reads the lists of deletions, when commits may have been missed", () => {
  deepEqual([scopeOf(LIVE).thorough, scopeOf(LIVE).listed], [false, false]);
  const gap = scopeOf({ ...LIVE, gap: true });
  deepEqual([gap.thorough, gap.listed], [true, true]);
  equal(scopeOf({ ...LIVE, reason: LOOK_BACK }).dropsDeletedWaiting, false);
  equal(scopeOf(LIVE).dropsDeletedWaiting, true);
});

Deno.test("trustsJoins() is false for whatever is asked for or comes after a pause", () => {
  deepEqual(["commit", LOOK_BACK, "start", "request", "clock"].map(trustsJoins), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("joinsAfter() gives what the pass saw, else those from before the reading once all of it was examined", () => {
  const before = { ...JOINS, chats: 9 };
  deepEqual(joinsAfter({ seen: JOINS, before, isQueueEmpty: false }), JOINS);
  equal(joinsAfter({ seen: null, before, isQueueEmpty: false }), null);
  deepEqual(joinsAfter({ seen: null, before, isQueueEmpty: true }), before);
  equal(joinsAfter({ seen: null, before: null, isQueueEmpty: true }), null);
});
