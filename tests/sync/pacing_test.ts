import { deepEqual, equal } from "node:assert/strict";
import {
  failurePauseMs,
  nextPauseMs,
  nextSliceRows,
  pauseBetweenSlices,
  Retry,
  type SliceBounds,
  slices,
} from "../../src/sync/pacing.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

const BOUNDS: SliceBounds = { least: 20, most: 5_000, targetMs: 10 };

Deno.test("nextSliceRows() shrinks to what would have fitted when a slice took longer than its target", () => {
  equal(nextSliceRows({ rows: 1_000, tookMs: 40, full: true }, BOUNDS), 250);
  equal(nextSliceRows({ rows: 1_000, tookMs: 40, full: false }, BOUNDS), 250);
});

Deno.test("nextSliceRows() grows at most twofold, and not at all when the slice was not full", () => {
  equal(nextSliceRows({ rows: 1_000, tookMs: 8, full: true }, BOUNDS), 1_250);
  equal(nextSliceRows({ rows: 1_000, tookMs: 0, full: true }, BOUNDS), 2_000);
  equal(nextSliceRows({ rows: 1_000, tookMs: 0, full: false }, BOUNDS), 1_000);
});

Deno.test("nextSliceRows() keeps to its bounds when the machine is very slow or very fast", () => {
  equal(nextSliceRows({ rows: 100, tookMs: 10_000, full: true }, BOUNDS), BOUNDS.least);
  equal(nextSliceRows({ rows: 4_000, tookMs: 0, full: true }, BOUNDS), BOUNDS.most);
});

Deno.test("slices() gives all items in order, the last slice with what is left", () => {
  deepEqual([...slices([1, 2, 3, 4, 5], 2)], [[1, 2], [3, 4], [5]]);
  deepEqual([...slices([1, 2], 2)], [[1, 2]]);
  deepEqual([...slices([], 2)], []);
});

/** A pause that has begun, and whether it is over. */
function pausing(clock: FakeClock, isRestless: boolean, signal: AbortSignal) {
  const pause = { isOver: false, end: Promise.resolve() };
  pause.end = pauseBetweenSlices({ clock, watcher: { isRestless } }, signal).then(() => {
    pause.isOver = true;
  });
  return pause;
}

Deno.test("pauseBetweenSlices() needs no timer when nothing happens in Messages", async () => {
  const clock = new FakeClock();
  await pausing(clock, false, new AbortController().signal).end;
  equal(clock.timers, 0);
});

Deno.test("pauseBetweenSlices() waits 200 ms when something happens in Messages", async () => {
  const clock = new FakeClock();
  const pause = pausing(clock, true, new AbortController().signal);
  await until(() => clock.timers === 1, "the pause");
  clock.tick(199);
  await Promise.resolve();
  equal(clock.timers, 1);
  equal(pause.isOver, false);
  clock.tick(1);
  await pause.end;
});

Deno.test("pauseBetweenSlices() ends at once when the program stops", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const pause = pausing(clock, true, stop.signal);
  await until(() => clock.timers === 1, "the pause");
  stop.abort();
  await pause.end;
  equal(clock.timers, 0);
});

Deno.test("failurePauseMs() is short after a lock, which ends by itself, and a minute after anything else", () => {
  deepEqual([true, false].map(failurePauseMs), [250, 60_000]);
});

Deno.test("nextPauseMs() doubles from 50 ms to 5 s", () => {
  const pauses: number[] = [];
  for (let pause: number | null = null; pauses.length < 9;) pauses.push(pause = nextPauseMs(pause));
  deepEqual(pauses, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
});

Deno.test("later() tries once after each pause, stop() not at all and begins with the short pause again", () => {
  const clock = new FakeClock();
  let tries = 0;
  const retry = new Retry(clock, () => tries++);
  const triesWithin = (ms: number) => {
    tries = 0;
    clock.tick(ms);
    return tries;
  };
  retry.later();
  equal(triesWithin(49), 0);
  equal(triesWithin(10_000), 1);
  retry.later();
  retry.later();
  equal(triesWithin(199), 0);
  equal(triesWithin(1), 1);
  retry.later();
  retry.stop();
  equal(triesWithin(10_000), 0);
  retry.later();
  equal(triesWithin(50), 1);
  equal(clock.timers, 0);
});
