import { deepEqual, equal } from "node:assert/strict";
import { decideAnnouncement } from "../../../src/sync/pass/announcement.ts";
import type { LivePass, Pass } from "../../../src/sync/pass/pass_plan.ts";

const SLICE = { sliceRows: 100, region: "US", nowMs: 0 } as const;
const LIVE: LivePass = {
  kind: "live",
  ...SLICE,
  reason: "commit",
  tapbacksAfter: null,
  lookBack: 48,
  thorough: false,
  changed: null,
  gap: false,
  joinsSeen: null,
  rewalk: null,
  bulkAbove: 10_000,
};

const QUIET = { isBulk: false, isSliceFull: false, isBacklogBig: () => true } as const;

function tells(pass: Pass, facts: Partial<Parameters<typeof decideAnnouncement>[1]>): boolean {
  return decideAnnouncement(pass, { ...QUIET, ...facts }).tells;
}

Deno.test("decideAnnouncement() tells nothing of the first import, and what a comparison mends", () => {
  equal(tells({ kind: "import_rows", ...SLICE }, {}), false);
  equal(tells({ kind: "import_rest", ...SLICE, tapbacksAfter: 0, breaksFeed: false }, {}), false);
  const compare = {
    kind: "compare",
    region: null,
    nowMs: 0,
    range: null,
    isEnd: false,
    joinsSeen: null,
  } as const;
  equal(tells({ ...compare, untold: true }, { isBulk: true }), true);
});

Deno.test("decideAnnouncement() tells a live pass unless a backlog is too big or its end has not come", () => {
  equal(tells(LIVE, {}), true);
  equal(tells(LIVE, { isSliceFull: true }), false);
  equal(tells(LIVE, { isSliceFull: true, isBacklogBig: () => false }), true);
  equal(tells(LIVE, { isBulk: true }), false);
});

Deno.test("decideAnnouncement() counts no backlog behind a slice that is not full, nor in a rewalk", () => {
  const asked: string[] = [];
  const isBacklogBig = () => asked.push("counted") > 0;
  equal(tells(LIVE, { isBacklogBig }), true);
  equal(tells({ ...LIVE, rewalk: { told: 3 } }, { isSliceFull: true, isBacklogBig }), true);
  deepEqual(asked, []);
});

Deno.test("decideAnnouncement() gives a reason for each decision", () => {
  const reasons = [
    decideAnnouncement({ kind: "import_rows", ...SLICE }, QUIET),
    decideAnnouncement(LIVE, QUIET),
    decideAnnouncement(LIVE, { ...QUIET, isSliceFull: true }),
    decideAnnouncement(LIVE, { ...QUIET, isBulk: true }),
  ].map(({ reason }) => reason);
  equal(new Set(reasons).size, 4);
});
