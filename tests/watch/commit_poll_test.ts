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

class Fixture {
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
  const fixture = new Fixture();
  deepEqual(fixture.during(30_000), every(25, 30_000));
  deepEqual(fixture.during(60_000), every(100, 60_000));
});

Deno.test("CommitPoll is quick again for 30 s after its last movement", () => {
  const fixture = new Fixture();
  fixture.during(31_000);
  fixture.moved = true;
  equal(fixture.during(100).length, 1);
  fixture.moved = false;
  deepEqual(fixture.during(30_000), every(25, 30_000));
  deepEqual(fixture.during(1_000), every(100, 1_000));
});

Deno.test("CommitPoll stays at its slow pace when looks and hints find nothing", () => {
  const fixture = new Fixture();
  fixture.during(31_000);
  fixture.hint();
  fixture.clock.tick(200);
  deepEqual(fixture.during(1_000), every(100, 1_000));
});

Deno.test("pollDelay() is the active one up to the limit and the idle one from there", () => {
  const delays = (proven: boolean) =>
    [0, 29_999, 30_000].map((since) => pollDelay(DEFAULT_PACE, proven, since));
  deepEqual(delays(false), [25, 25, 100]);
  deepEqual(delays(true), [100, 100, 1_000]);
});

Deno.test("hint() looks at the end of the turn, once for all hints of it, and again within 100 ms", () => {
  const fixture = new Fixture(HINTS_ALONE);
  for (let i = 0; i < 24; i++) fixture.poll.hint();
  deepEqual(fixture.looks, []);
  fixture.clock.tick(0);
  deepEqual(fixture.looks, [0]);
  equal(fixture.prepared, 1, "nothing is committed yet");
  deepEqual(fixture.during(5_000), AFTER_A_HINT);
  equal(fixture.clock.timers, 1);
});

Deno.test("hint() looks less often again once a commit was seen, also by a later look", () => {
  const fixture = new Fixture(HINTS_ALONE);
  fixture.hintedCommit();
  equal(fixture.prepared, 0);
  deepEqual(fixture.during(5_000), [10, 30, 100]);
  fixture.hint();
  fixture.clock.tick(7);
  fixture.moved = true;
  fixture.clock.tick(1);
  fixture.moved = false;
  deepEqual(fixture.during(5_000), [2, 22, 92]);
});

Deno.test("hint() peeks in each turn that follows, and looks as soon as a peek sees a commit", () => {
  const fixture = new Fixture(HINTS_ALONE);
  fixture.hint();
  equal(fixture.peeks, DEFAULT_PACE.mostPeeks);
  equal(fixture.looks.length, 1);
  fixture.peeks = 0;
  fixture.peeked = true;
  fixture.onLook = () => fixture.moved = fixture.peeks > 0;
  fixture.hint();
  equal(fixture.peeks, 1);
  equal(fixture.looks.length, 3);
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
  const fixture = new Fixture(DEFAULT_PACE);
  deepEqual(fixture.during(1_000), [25, 425, 825]);
  equal(fixture.peeks, 37);
  fixture.peeked = true;
  deepEqual(fixture.during(100), [25, 50, 75, 100]);
});

Deno.test("hint() makes the poll active when its look finds a commit, and a guard once it has done so", () => {
  const fixture = new Fixture();
  fixture.during(31_000);
  fixture.hintedCommit();
  fixture.clock.tick(100);
  equal(fixture.during(10_000).length, 100);
  fixture.clock.tick(30_000);
  equal(fixture.during(10_000).length, 10);
});

Deno.test("CommitPoll relies on itself again when it sees a commit that no hint told of", () => {
  const fixture = new Fixture();
  fixture.hintedCommit();
  fixture.clock.tick(40_000);
  equal(fixture.during(10_000).length, 10);
  fixture.moved = true;
  fixture.clock.tick(1_000);
  fixture.moved = false;
  deepEqual(fixture.during(1_000), every(25, 1_000));
});

Deno.test("CommitPoll keeps its trust in hints that come right before or after its own look", () => {
  for (const order of ["hint first", "poll first"] as const) {
    const fixture = new Fixture();
    fixture.hintedCommit();
    fixture.clock.tick(1_000);
    if (order === "hint first") fixture.hint();
    fixture.moved = true;
    fixture.clock.tick(100);
    fixture.moved = false;
    if (order === "poll first") fixture.hint();
    fixture.clock.tick(200);
    equal(fixture.during(10_000).length, 100, order);
  }
});

Deno.test("hintsEnded() makes the poll quick at once, with one timer, also from within a look", () => {
  for (const within of [false, true]) {
    const fixture = new Fixture();
    fixture.hintedCommit();
    fixture.clock.tick(40_000);
    if (within) {
      fixture.onLook = () => fixture.poll.hintsEnded();
      fixture.clock.tick(1_000);
    } else fixture.poll.hintsEnded();
    fixture.onLook = () => {};
    equal(fixture.clock.timers, 1);
    equal(fixture.during(10_000).length, 100);
  }
});

Deno.test("hint() starts the looks anew, never more than one timer for them, when hints come steadily", () => {
  const fixture = new Fixture({ ...HINTS_ALONE, mostPeeks: 0 });
  for (let i = 0; i < 500; i++) {
    fixture.hint();
    equal(fixture.clock.timers, 2);
    fixture.clock.tick(1);
  }
  // Each turn's hints had their look; none waited for the stream to end.
  deepEqual(fixture.looks, Array.from({ length: 500 }, (_, i) => i));
  deepEqual(fixture.during(5_000), AFTER_A_HINT.map((afterMs) => afterMs - 1));
});

Deno.test("hint() does not put the poll off when hints come more often than it looks", () => {
  const fixture = new Fixture({ ...WHOLE, mostPeeks: 0 });
  let polled = 0;
  for (let i = 0; i < 1_000; i++) {
    fixture.hint();
    fixture.looks = [];
    fixture.clock.tick(1);
    polled += fixture.looks.length;
  }
  equal(polled, 1_000 / 25);
});

Deno.test("CommitPoll tells of a jump once, before it looks, when the wall clock jumps", () => {
  for (const jump of [3_600_000, -3_600_000, 5_001]) {
    const fixture = new Fixture();
    fixture.clock.tick(100);
    fixture.clock.jumpWall(jump);
    const before = fixture.looks.length;
    fixture.clock.tick(1_000);
    deepEqual(fixture.jumps, [before], `${jump}`);
    ok(fixture.looks.length > before);
  }
});

Deno.test("CommitPoll tells of a jump once when a timer comes late by more than 5 s", () => {
  const fixture = new Fixture();
  fixture.clock.tick(100);
  fixture.clock.stall(5_001);
  fixture.clock.tick(60_000);
  equal(fixture.jumps.length, 1);
});

Deno.test("CommitPoll takes small shifts of the clock for no jump, however many there are", () => {
  const fixture = new Fixture();
  for (let i = 0; i < 10; i++) {
    fixture.clock.jumpWall(4_000);
    fixture.clock.stall(4_000);
    fixture.clock.tick(100);
  }
  deepEqual(fixture.jumps, []);
});

Deno.test("stop() ends all timers, and hints look no more", () => {
  const fixture = new Fixture();
  fixture.hint();
  fixture.poll.hint();
  equal(fixture.clock.timers, 3);
  fixture.poll.stop();
  equal(fixture.clock.timers, 0);
  const before = fixture.looks.length;
  fixture.poll.hint();
  fixture.clock.tick(60_000);
  equal(fixture.looks.length, before);
  equal(fixture.clock.timers, 0);
});

Deno.test("stop() leaves no timer behind when it is called from within a look", () => {
  for (const start of ["poll", "hint", "again"] as const) {
    const fixture = new Fixture();
    if (start === "again") fixture.hint();
    fixture.onLook = () => fixture.poll.stop();
    if (start === "hint") fixture.hint();
    else fixture.clock.tick(start === "again" ? 6 : 25);
    equal(fixture.clock.timers, 0, start);
    const before = fixture.looks.length;
    fixture.clock.tick(60_000);
    equal(fixture.looks.length, before, start);
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
