import { deepEqual } from "node:assert/strict";
import { type Last, runsOf } from "../../../src/sync/conversations/append.ts";

const GAP = 10;
const members = (...times: readonly number[]) =>
  times.map((timestampMs, i) => ({ messageId: i + 1, timestampMs }));

/** Each run as `+` where it goes on, its times, and its end. */
function told(times: readonly number[], last: Last | null): string[] | null {
  const runs = runsOf(members(...times), last, GAP);
  return runs?.map(({ goesOn, members, endMs }) =>
    `${goesOn ? "+" : ""}${members.map(({ timestampMs }) => timestampMs).join()}→${endMs}`
  ) ?? null;
}

const LAST: Last = { id: 1, startMs: 100, endMs: 120 };

Deno.test("runsOf() begins a run where the gap is as long as it may be, and none before", () => {
  deepEqual(told([1, 10, 20, 29], null), ["1,10→10", "20,29→29"]);
});

Deno.test("runsOf() goes on with the last conversation while the gap is shorter", () => {
  deepEqual(told([129, 139], LAST), ["+129→129", "139→139"]);
  deepEqual(told([130], LAST), ["130→130"]);
});

Deno.test("runsOf() keeps the end of the last conversation when a message comes within it", () => {
  deepEqual(told([105, 110], LAST), ["+105,110→120"]);
  deepEqual(told([100, 129], LAST), ["+100,129→129"]);
});

Deno.test("runsOf() gives nothing to append when a message is older than the last conversation's first", () => {
  deepEqual(told([99, 200], LAST), null);
  deepEqual(told([], LAST), []);
});
