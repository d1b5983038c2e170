import { deepEqual, equal, ok } from "node:assert/strict";
import { CommitPoll, DEFAULT_PACE, pollDelay, type PollPace } from "../../src/watch/commit_poll.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A poll that looks so seldom that only hints are seen. */
const HINTS_ALONE: PollPace = { ...DEFAULT_PACE, activeMs: 1_000_000, idleMs: 1_000_000 };

class Bench {
  readonly clock = new FakeClock();
  /** Milliseconds on the monotonic clock at each look. */
  looks: number[] = [];
  /** How many looks there had been at each jump. */
  readonly jumps: number[] = [];
  moved = false;
  onLook: () => void = () => {};
  readonly poll: CommitPoll;

  constructor(pace?: PollPace) {
    this.poll = new CommitPoll({
      clock: this.clock,
      look: () => {
        this.looks.push(this.clock.monotonic());
        this.onLook();
        return this.moved;
      },
      onJump: () => this.jumps.push(this.looks.length),
      ...pace === undefined ? {} : { pace },
    });
    this.poll.start();
  }

  /** Times of the looks of the next `ms`, from now on. */
  during(ms: number): number[] {
    const from = this.clock.monotonic();
    this.looks = [];
    this.clock.tick(ms);
    return this.looks.map((at) => at - from);
  }
}

/** Every `step` milliseconds up to `end`. */
function every(step: number, end: number): number[] {
  return Array.from({ length: end / step }, (_, i) => (i + 1) * step);
}

Deno.test("CommitPoll looks every 25 ms for 30 s, then every 100 ms when nothing moves", () => {
  const bench = new Bench();
  deepEqual(bench.during(30_000), every(25, 30_000));
  deepEqual(bench.during(60_000), every(100, 60_000));
});

Deno.test("CommitPoll is quick again for 30 s after its last movement", () => {
  const bench = new Bench();
  bench.during(31_000);
  bench.moved = true;
  equal(bench.during(100).length, 1);
  bench.moved = false;
  deepEqual(bench.during(30_000), every(25, 30_000));
  deepEqual(bench.during(1_000), every(100, 1_000));
});

Deno.test("CommitPoll stays at its slow pace when looks and hints find nothing", () => {
  const bench = new Bench();
  bench.during(31_000);
  bench.poll.hint();
  bench.clock.tick(200);
  deepEqual(bench.during(1_000), every(100, 1_000));
});

Deno.test("pollDelay() is the active one up to the limit and the idle one from there", () => {
  equal(pollDelay(DEFAULT_PACE, 0), 25);
  equal(pollDelay(DEFAULT_PACE, 29_999), 25);
  equal(pollDelay(DEFAULT_PACE, 30_000), 100);
});

Deno.test("hint() looks at once and again after 2, 10, 30 and 100 ms", () => {
  const bench = new Bench(HINTS_ALONE);
  bench.poll.hint();
  deepEqual(bench.looks, [0]);
  deepEqual(bench.during(5_000), [2, 10, 30, 100]);
  equal(bench.clock.timers, 1);
});

Deno.test("hint() makes the poll quick when its look finds a movement", () => {
  const bench = new Bench();
  bench.during(31_000);
  bench.moved = true;
  bench.poll.hint();
  bench.moved = false;
  bench.clock.tick(100); // the slow look that was due already
  deepEqual(bench.during(1_000), every(25, 1_000));
});

Deno.test("hint() starts the looks anew, never more than one timer for them, when hints come steadily", () => {
  const bench = new Bench(HINTS_ALONE);
  for (let i = 0; i < 500; i++) {
    bench.poll.hint();
    equal(bench.clock.timers, 2);
    bench.clock.tick(1);
  }
  // Each hint looked for itself; none waited for the stream to end.
  deepEqual(bench.looks, Array.from({ length: 500 }, (_, i) => i));
  deepEqual(bench.during(5_000), [1, 9, 29, 99]);
});

Deno.test("hint() does not put the poll off when hints come more often than it looks", () => {
  const bench = new Bench();
  let polled = 0;
  for (let i = 0; i < 1_000; i++) {
    bench.poll.hint();
    bench.looks = [];
    bench.clock.tick(1);
    polled += bench.looks.length;
  }
  equal(polled, 1_000 / 25);
});

Deno.test("CommitPoll tells of a jump once, before it looks, when the wall clock jumps", () => {
  for (const jump of [3_600_000, -3_600_000, 5_001]) {
    const bench = new Bench();
    bench.clock.tick(100);
    bench.clock.jumpWall(jump);
    const before = bench.looks.length;
    bench.clock.tick(1_000);
    deepEqual(bench.jumps, [before], `${jump}`);
    ok(bench.looks.length > before);
  }
});

Deno.test("CommitPoll tells of a jump once when a timer comes late by more than 5 s", () => {
  const bench = new Bench();
  bench.clock.tick(100);
  bench.clock.stall(5_001);
  bench.clock.tick(60_000);
  equal(bench.jumps.length, 1);
});

Deno.test("CommitPoll takes small shifts of the clock for no jump, however many there are", () => {
  const bench = new Bench();
  for (let i = 0; i < 10; i++) {
    bench.clock.jumpWall(4_000);
    bench.clock.stall(4_000);
    bench.clock.tick(100);
  }
  deepEqual(bench.jumps, []);
});

Deno.test("stop() ends all timers, and hints look no more", () => {
  const bench = new Bench();
  bench.poll.hint();
  equal(bench.clock.timers, 2);
  bench.poll.stop();
  equal(bench.clock.timers, 0);
  const before = bench.looks.length;
  bench.poll.hint();
  bench.clock.tick(60_000);
  equal(bench.looks.length, before);
  equal(bench.clock.timers, 0);
});

Deno.test("stop() leaves no timer behind when it is called from within a look", () => {
  for (const start of ["poll", "hint", "again"] as const) {
    const bench = new Bench();
    if (start === "again") bench.poll.hint();
    bench.onLook = () => bench.poll.stop();
    if (start === "hint") bench.poll.hint();
    else bench.clock.tick(start === "again" ? 2 : 25);
    equal(bench.clock.timers, 0, start);
    const before = bench.looks.length;
    bench.clock.tick(60_000);
    equal(bench.looks.length, before, start);
  }
});

Deno.test("CommitPoll looks at nothing before it is started", () => {
  const clock = new FakeClock();
  let looks = 0;
  const poll = new CommitPoll({
    clock,
    look: () => ++looks > 0,
    onJump: () => {},
  });
  poll.hint();
  clock.tick(1_000);
  equal(looks, 0);
});
