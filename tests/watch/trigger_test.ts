import { equal } from "node:assert/strict";
import { Trigger } from "../../src/watch/trigger.ts";

/** Never aborts. */
const always = new AbortController().signal;

/** What a promise has come to by now: its value, or that it still waits. */
async function settled<T>(promise: Promise<T>): Promise<T | "waiting"> {
  const later = Promise.resolve().then(() => {}).then((): "waiting" => "waiting");
  return await Promise.race([promise, later]);
}

Deno.test("next() gives the reason at once when it was pulled before anybody waited", async () => {
  const trigger = new Trigger();
  trigger.pull("commit");
  equal(await settled(trigger.next(always)), "commit");
  equal(await settled(trigger.next(always)), "waiting");
});

Deno.test("next() waits for the next pull when the slot is empty", async () => {
  const trigger = new Trigger();
  const next = trigger.next(always);
  equal(await settled(next), "waiting");
  trigger.pull("request");
  equal(await next, "request");
});

Deno.test("pull() means one more pass, with the first reason, when it comes often while a pass runs", async () => {
  const trigger = new Trigger();
  const passes: string[] = [];
  trigger.pull("start");
  const first = await trigger.next(always);
  passes.push(`${first}`);
  for (const reason of ["commit", "clock", "request"]) trigger.pull(reason);
  passes.push(`${await trigger.next(always)}`, `${await settled(trigger.next(always))}`);
  equal(passes.join(), "start,commit,waiting");
});

Deno.test("next() gives each of two pulls a pass of its own when the second comes after the first was taken", async () => {
  const trigger = new Trigger();
  const first = trigger.next(always);
  trigger.pull("one");
  // The waiter has its reason but has not run on yet: this pull belongs to the pass after it.
  trigger.pull("two");
  equal(await first, "one");
  equal(await settled(trigger.next(always)), "two");
});

Deno.test("next() gives null when the signal aborts while it waits, and a later pull stays for the next waiter", async () => {
  const trigger = new Trigger();
  const stop = new AbortController();
  const next = trigger.next(stop.signal);
  stop.abort();
  equal(await next, null);
  trigger.pull("commit");
  equal(await settled(trigger.next(always)), "commit");
});

Deno.test("next() gives null and leaves the slot full when the signal was aborted before", async () => {
  const trigger = new Trigger();
  trigger.pull("commit");
  equal(await trigger.next(AbortSignal.abort()), null);
  equal(await settled(trigger.next(always)), "commit");
});

Deno.test("an abort after a pull takes nothing away from the waiter that comes next", async () => {
  const trigger = new Trigger();
  const stop = new AbortController();
  const first = trigger.next(stop.signal);
  trigger.pull("one");
  const second = trigger.next(always);
  stop.abort();
  trigger.pull("two");
  equal(await first, "one");
  equal(await settled(second), "two");
});
