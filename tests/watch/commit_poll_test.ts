import { deepEqual, equal, ok } from "node:assert/strict";
import {
  CommitPoll,
  DEFAULT_PACE,
  peekLength,
  pollDelay,
  type PollPace,
} from "../../src/watch/commit_poll.ts";
import { FakeClock } from "../support/fake_clock.ts";

const NEVER = { activeMs: 1_000_000, idleMs: 1_000_000 };
/** Each look of the poll is a whole one, so that they can be counted. */
const WHOLE: PollPace = { ...DEFAULT_PACE, wholeLookMs: 0 };
/** A poll that looks so seldom that only hints are seen. */
const HINTS_ALONE: PollPace = { ...WHOLE, alone: NEVER, onGuard: NEVER };
/** When it looks after a hint: at once, and then so many milliseconds later. */
const AFTER_A_HINT = [6, 8, 10, 14, 20, 30, 50, 100];

class Bench {
  readonly clock = new FakeClock();
  /** Milliseconds on the monotonic clock at each look. */
  looks: number[] = [];
  peeks = 0;
  prepared = 0;
  /** How many looks there had been at each jump. */
  readonly jumps: number[] = [];
  moved = false;
  peeked = false;
  onLook: () => void = () => {};
  readonly poll: CommitPoll;

  constructor(pace: PollPace = WHOLE) {
    this.poll = new CommitPoll({
      clock: this.clock,
      look: () => {
        this.looks.push(this.clock.monotonic());
        this.onLook();
        return this.moved;
      },
      peek: () => {
        this.peeks++;
        return this.peeked;
      },
      prepare: () => this.prepared++,
      onJump: () => this.jumps.push(this.looks.length),
      pace,
    });
    this.poll.start();
  }

  /** A hint, and the end of the turn in which it came. */
  hint(): void {
    this.poll.hint();
    this.clock.tick(0);
  }

  /** A commit that a hint tells of. */
  hintedCommit(): void {
    this.moved = true;
    this.hint();
    this.moved = false;
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
  bench.hint();
  bench.clock.tick(200);
  deepEqual(bench.during(1_000), every(100, 1_000));
});

Deno.test("pollDelay() is the active one up to the limit and the idle one from there", () => {
  const delays = (proven: boolean) =>
    [0, 29_999, 30_000].map((since) => pollDelay(DEFAULT_PACE, proven, since));
  deepEqual(delays(false), [25, 25, 100]);
  deepEqual(delays(true), [100, 100, 1_000]);
});

Deno.test("hint() looks at the end of the turn, once for all hints of it, and again within 100 ms", () => {
  const bench = new Bench(HINTS_ALONE);
  for (let i = 0; i < 24; i++) bench.poll.hint();
  deepEqual(bench.looks, []);
  bench.clock.tick(0);
  deepEqual(bench.looks, [0]);
  equal(bench.prepared, 1, "nothing is committed yet");
  deepEqual(bench.during(5_000), AFTER_A_HINT);
  equal(bench.clock.timers, 1);
});

Deno.test("hint() looks less often again once a commit was seen, also by a later look", () => {
  const bench = new Bench(HINTS_ALONE);
  bench.hintedCommit();
  equal(bench.prepared, 0);
  deepEqual(bench.during(5_000), [10, 30, 100]);
  bench.hint();
  bench.clock.tick(7);
  bench.moved = true;
  bench.clock.tick(1);
  bench.moved = false;
  deepEqual(bench.during(5_000), [2, 22, 92]);
});

Deno.test("hint() peeks in each turn that follows, and looks as soon as a peek sees a commit", () => {
  const bench = new Bench(HINTS_ALONE);
  bench.hint();
  equal(bench.peeks, DEFAULT_PACE.mostPeeks);
  equal(bench.looks.length, 1);
  bench.peeks = 0;
  bench.peeked = true;
  bench.onLook = () => bench.moved = bench.peeks > 0;
  bench.hint();
  equal(bench.peeks, 1);
  equal(bench.looks.length, 3);
});

Deno.test("hint() peeks no longer than 10 ms after it, 2 ms where commits come thick and fast", () => {
  const clock = new FakeClock();
  let peeks = 0;
  const poll = new CommitPoll({
    clock,
    look: () => false,
    peek: () => {
      peeks++;
      clock.stall(0.5);
      return false;
    },
    prepare: () => {},
    onJump: () => {},
  });
  poll.start();
  poll.hint();
  clock.tick(0);
  equal(peeks, 5, "right after the start it may be a burst");
  clock.tick(1_000);
  peeks = 0;
  poll.hint();
  clock.tick(0);
  equal(peeks, 21);
  equal(peekLength(DEFAULT_PACE, 49), 2);
  equal(peekLength(DEFAULT_PACE, 50), 10);
});

Deno.test("CommitPoll peeks, and looks in full every 400 ms and whenever a peek sees a commit", () => {
  const bench = new Bench(DEFAULT_PACE);
  deepEqual(bench.during(1_000), [25, 425, 825]);
  equal(bench.peeks, 37);
  bench.peeked = true;
  deepEqual(bench.during(100), [25, 50, 75, 100]);
});

Deno.test("hint() makes the poll active when its look finds a commit, and a guard once it has done so", () => {
  const bench = new Bench();
  bench.during(31_000);
  bench.hintedCommit();
  bench.clock.tick(100);
  equal(bench.during(10_000).length, 100);
  bench.clock.tick(30_000);
  equal(bench.during(10_000).length, 10);
});

Deno.test("CommitPoll relies on itself again when it sees a commit that no hint told of", () => {
  const bench = new Bench();
  bench.hintedCommit();
  bench.clock.tick(40_000);
  equal(bench.during(10_000).length, 10);
  bench.moved = true;
  bench.clock.tick(1_000);
  bench.moved = false;
  deepEqual(bench.during(1_000), every(25, 1_000));
});

Deno.test("CommitPoll keeps its trust in hints that come right before or after its own look", () => {
  for (const order of ["hint first", "poll first"] as const) {
    const bench = new Bench();
    bench.hintedCommit();
    bench.clock.tick(1_000);
    if (order === "hint first") bench.hint();
    bench.moved = true;
    bench.clock.tick(100);
    bench.moved = false;
    if (order === "poll first") bench.hint();
    bench.clock.tick(200);
    equal(bench.during(10_000).length, 100, order);
  }
});

Deno.test("hintsEnded() makes the poll quick at once, with one timer, also from within a look", () => {
  for (const within of [false, true]) {
    const bench = new Bench();
    bench.hintedCommit();
    bench.clock.tick(40_000);
    if (within) {
      bench.onLook = () => bench.poll.hintsEnded();
      bench.clock.tick(1_000);
    } else bench.poll.hintsEnded();
    bench.onLook = () => {};
    equal(bench.clock.timers, 1);
    equal(bench.during(10_000).length, 100);
  }
});

Deno.test("hint() starts the looks anew, never more than one timer for them, when hints come steadily", () => {
  const bench = new Bench({ ...HINTS_ALONE, mostPeeks: 0 });
  for (let i = 0; i < 500; i++) {
    bench.hint();
    equal(bench.clock.timers, 2);
    bench.clock.tick(1);
  }
  // Each turn's hints had their look; none waited for the stream to end.
  deepEqual(bench.looks, Array.from({ length: 500 }, (_, i) => i));
  deepEqual(bench.during(5_000), AFTER_A_HINT.map((afterMs) => afterMs - 1));
});

Deno.test("hint() does not put the poll off when hints come more often than it looks", () => {
  const bench = new Bench({ ...WHOLE, mostPeeks: 0 });
  let polled = 0;
  for (let i = 0; i < 1_000; i++) {
    bench.hint();
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
  bench.hint();
  bench.poll.hint();
  equal(bench.clock.timers, 3);
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
    if (start === "again") bench.hint();
    bench.onLook = () => bench.poll.stop();
    if (start === "hint") bench.hint();
    else bench.clock.tick(start === "again" ? 6 : 25);
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
    peek: () => false,
    prepare: () => {},
    onJump: () => {},
  });
  poll.hint();
  clock.tick(1_000);
  equal(looks, 0);
});
