import { deepEqual, equal } from "node:assert/strict";
import { nextPauseMs, Retry } from "../../src/sync/pacing.ts";
import { FakeClock } from "../support/fake_clock.ts";

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
