/** The states of a kqueue and its watches, on a kernel of the tests' own. The real one: `kqueue_system_test.ts`. */
import assert from "node:assert/strict";
import {
  EV_ERROR,
  NOTE_DELETE,
  NOTE_EXTEND,
  NOTE_RENAME,
  NOTE_REVOKE,
  NOTE_WRITE,
} from "../../src/platform/kevent.ts";
import { Kqueue, openKqueue } from "../../src/platform/kqueue.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeKernel } from "./support/fake_kernel.ts";

const WAL = "/messages/chat.db-wal";
const OTHER = "/cards/cards.db-wal";

/** A started queue, a `watch` that notes what it is told, and a `pause` that lets the queue wait again. */
function world() {
  const kernel = new FakeKernel();
  const clock = new FakeClock();
  const queue = new Kqueue(kernel, clock);
  kernel.files.add(WAL).add(OTHER);
  assert.ok(queue.start());
  const told: string[] = [];
  return {
    kernel,
    queue,
    told,
    watch: (path: string, name: string) =>
      queue.watch({
        path,
        onHint: () => told.push(`${name} hint`),
        onGone: () => told.push(`${name} gone`),
      }),
    async pause() {
      clock.tick(2);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
      assert.equal(kernel.descriptors.size, 0, "descriptors left open");
      assert.equal(kernel.watched.size, 0, "watches left");
      assert.ok(kernel.isClosed);
    },
  };
}

Deno.test("watch() hints whose file it was when one of two files was written to", async () => {
  await using at = world();
  at.watch(WAL, "wal");
  at.watch(OTHER, "other");
  await at.kernel.give([at.kernel.event(4, NOTE_WRITE | NOTE_EXTEND)]);
  assert.deepEqual(at.told, ["other hint"]);
});

for (
  const [what, fflags] of [["deleted", NOTE_DELETE], ["renamed", NOTE_RENAME], [
    "revoked",
    NOTE_REVOKE,
  ]] as const
) {
  Deno.test(`watch() ends and tells that its file is gone when it is ${what}`, async () => {
    await using at = world();
    at.watch(WAL, "wal");
    await at.kernel.give([at.kernel.event(3, NOTE_WRITE | fflags)]);
    assert.deepEqual(at.told, ["wal gone"]);
    assert.deepEqual([...at.kernel.descriptors], []);
  });
}

Deno.test("watch() ends when the event is an error", async () => {
  await using at = world();
  at.watch(WAL, "wal");
  await at.kernel.give([at.kernel.event(3, 0, EV_ERROR)]);
  assert.deepEqual(at.told, ["wal gone"]);
});

Deno.test("watch() goes on when it is armed again as the file was gone", async () => {
  await using at = world();
  at.watch(WAL, "old");
  await at.kernel.give([at.kernel.event(3, NOTE_DELETE)]);
  at.watch(WAL, "new");
  await at.pause();
  await at.kernel.give([at.kernel.event(3, NOTE_WRITE)]);
  assert.deepEqual(at.told, ["old gone", "new hint"]);
});

Deno.test("a watch hears nothing of the one before it when both had the same descriptor", async () => {
  await using at = world();
  const stop = at.watch(WAL, "old");
  const late = at.kernel.event(3, NOTE_DELETE);
  stop?.();
  at.watch(WAL, "new");
  await at.kernel.give([late]);
  assert.deepEqual(at.told, []);
  assert.deepEqual([...at.kernel.watched.keys()], [3]);
});

Deno.test("stopping a watch closes its descriptor once when it is stopped twice", async () => {
  await using at = world();
  const stop = at.watch(WAL, "old");
  stop?.();
  at.watch(WAL, "new");
  stop?.();
  assert.deepEqual([...at.kernel.descriptors], [3]);
});

Deno.test("watch() gives null and leaves nothing open when the file is absent or the system refuses it", async () => {
  await using at = world();
  assert.equal(at.watch("/nowhere/chat.db-wal", "wal"), null);
  at.kernel.refusesChanges = true;
  assert.equal(at.watch(WAL, "wal"), null);
  assert.equal(at.kernel.descriptors.size, 0);
  at.kernel.refusesChanges = false;
});

Deno.test("watch() throws when the file is no -wal, whose descriptors may be closed", async () => {
  await using at = world();
  at.kernel.files.add("/messages/chat.db");
  assert.throws(() => at.watch("/messages/chat.db", "db"), TypeError);
  assert.throws(() => at.watch("/messages/chat.db-shm", "shm"), TypeError);
});

Deno.test("the queue pauses when an event came, and waits without any pause when none does", async () => {
  await using at = world();
  at.watch(WAL, "wal");
  assert.equal(at.kernel.waits, 1);
  await at.pause();
  assert.equal(at.kernel.waits, 1);
  await at.kernel.give([at.kernel.event(3, NOTE_WRITE)]);
  assert.equal(at.kernel.waits, 1);
  await at.pause();
  assert.equal(at.kernel.waits, 2);
});

Deno.test("the queue goes on with what a call gives that does not wait when a signal interrupted the wait", async () => {
  await using at = world();
  at.watch(WAL, "wal");
  at.kernel.polled = [at.kernel.event(3, NOTE_WRITE)];
  await at.kernel.give(null);
  await at.pause();
  await at.kernel.give([at.kernel.event(3, NOTE_WRITE)]);
  assert.deepEqual(at.told, ["wal hint", "wal hint"]);
});

Deno.test("every watch is told that its file is gone, and none is given any more, when the queue is broken", async () => {
  await using at = world();
  at.watch(WAL, "wal");
  at.watch(OTHER, "other");
  at.kernel.polled = null;
  await at.kernel.give(null);
  assert.deepEqual(at.told, ["wal gone", "other gone"]);
  assert.equal(at.watch(WAL, "wal"), null);
  assert.equal(at.kernel.descriptors.size, 0);
});

Deno.test("nothing is told when the queue was closed before the events were read", async () => {
  const at = world();
  at.watch(WAL, "wal");
  const event = at.kernel.event(3, NOTE_WRITE);
  const closed = at.queue.close();
  await at.kernel.give([event]);
  await closed;
  assert.deepEqual(at.told, []);
  assert.equal(at.watch(WAL, "wal"), null);
  assert.ok(at.kernel.isClosed);
});

Deno.test("close() ends at once when an event came just before it", async () => {
  const at = world();
  at.watch(WAL, "wal");
  await at.kernel.give([at.kernel.event(3, NOTE_WRITE)]);
  await at.queue.close();
  assert.equal(at.kernel.waits, 1);
});

Deno.test("closing from within a hint tells nothing more when several events came together", async () => {
  const at = world();
  const told: string[] = [];
  const closing = Promise.withResolvers<void>();
  for (const path of [WAL, OTHER]) {
    at.queue.watch({
      path,
      onHint: () => {
        told.push(path);
        closing.resolve(at.queue.close());
      },
      onGone: () => told.push("gone"),
    });
  }
  await at.kernel.give([at.kernel.event(3, NOTE_WRITE), at.kernel.event(4, NOTE_WRITE)]);
  await closing.promise;
  assert.deepEqual(told, [WAL]);
});

Deno.test("start() is false when the system refuses the event that would end the wait", () => {
  const kernel = new FakeKernel();
  kernel.refusesChanges = true;
  assert.equal(new Kqueue(kernel, new FakeClock()).start(), false);
  assert.equal(kernel.waits, 0);
});

Deno.test("openKqueue() gives null when there is no kqueue, no library, or no function of that name in it", () => {
  assert.equal(openKqueue({ system: null }), null);
  const nowhere = { queueLibrary: "/nowhere/a", fileLibrary: "/nowhere/b", openFlags: 0, userFilter: -10 };
  assert.equal(openKqueue({ system: nowhere }), null);
});

Deno.test({
  name: "openKqueue() gives null when it may not use foreign functions",
  permissions: { ffi: false },
  fn() {
    const libc = { queueLibrary: "libc.so.6", fileLibrary: "libc.so.6", openFlags: 0, userFilter: -10 };
    assert.equal(openKqueue({ system: libc }), null);
  },
});
