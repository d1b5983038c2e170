import assert from "node:assert/strict";
import { Allowance } from "../../src/notify/allowance.ts";
import { Backlog, MESSAGE_OVERHEAD_BYTES } from "../../src/notify/backlog.ts";
import { Turns } from "../../src/notify/turns.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("Turns gives each its turn in order, and lets go after 5 ms, when there is more work than that", () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const done: string[] = [];
  for (const name of ["a", "b", "c"]) {
    const work = () => {
      done.push(name);
      clock.stall(2);
      if (done.filter((known) => known === name).length < 3) turns.add(work);
    };
    turns.add(work);
  }
  assert.deepEqual(done, [], "nothing runs in the caller's turn");
  clock.tick(0);
  assert.deepEqual(done, ["a", "b", "c"], "6 ms");
  clock.tick(1);
  clock.tick(1);
  assert.deepEqual(done, ["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
  assert.equal(clock.timers, 0);
});

Deno.test("add() gives what takes the turn back", () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  turns.add(() => assert.fail("taken back"))();
  clock.tick(10);
});

Deno.test("weight() counts what each unsent message costs when all or some are unsent", () => {
  const backlog = new Backlog();
  for (let i = 0; i < 10; i++) backlog.add("x".repeat(100), i * 100);
  assert.equal(backlog.weight(1_000), 1_000 + 10 * MESSAGE_OVERHEAD_BYTES);
  assert.equal(backlog.weight(450), 450 + 5 * MESSAGE_OVERHEAD_BYTES);
  assert.equal(backlog.weight(0), 0);
  backlog.add("x".repeat(100), 0);
  assert.equal(backlog.weight(100), 100 + MESSAGE_OVERHEAD_BYTES, "what was sent is forgotten");
});

Deno.test("take() allows a burst, then so many a second, when asked again and again", () => {
  const allowance = new Allowance({ burst: 3, perSecond: 10 }, 0);
  const takes = (nowMs: number) => [1, 2, 3, 4].map(() => allowance.take(nowMs));
  assert.deepEqual(takes(0), [true, true, true, false]);
  assert.deepEqual(takes(200), [true, true, false, false]);
  assert.deepEqual(takes(99_000), [true, true, true, false]);
});
