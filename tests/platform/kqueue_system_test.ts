/**
 * The real thing: a kernel's events (macOS's, or those of what stands in for it, see `support/kqueue_here.ts`), SQLite's
 * own -wal in another process, permissions revoked.
 */
import assert from "node:assert/strict";
import { openKqueue } from "../../src/platform/kqueue.ts";
import type { KqueueSystem } from "../../src/platform/kqueue_calls.ts";
import { kqueueHere } from "./support/kqueue_here.ts";
import { TestProgram } from "./support/test_program.ts";

const libraries = Deno.makeTempDirSync({ prefix: "kqueue-" });
const here = kqueueHere(libraries);
addEventListener("unload", () => Deno.removeSync(libraries, { recursive: true }));

/** A SIGTERM is answered within this, as the whole program's is. */
const END_MS = 2_000;

const MISSING = "no kqueue here: needs macOS, or Linux with a C compiler named cc";

/** With no kqueue it is seen to be left out, and why; .ci/run sees to it that there is one. */
function kqueueTest(name: string, fn: (system: KqueueSystem, folder: string) => Promise<void>): void {
  if (here === null) return Deno.test.ignore(`${name} (${MISSING})`, () => {});
  Deno.test(name, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "kqueue-" });
    try {
      await fn(here, folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

/** A database that another process has open. */
async function messages(folder: string): Promise<{ readonly wal: string; readonly writer: TestProgram }> {
  const path = `${folder}/chat.db`;
  const writer = new TestProgram("./wal_writer.ts", [path]);
  await writer.expect("open");
  return { wal: `${path}-wal`, writer };
}

/** A process that has opened its kqueue and given its permissions away, and has armed nothing yet. */
async function watching(path: string, system: KqueueSystem): Promise<TestProgram> {
  const watcher = new TestProgram("./kqueue_watcher.ts", [path, JSON.stringify(system)]);
  await watcher.expect("ffi prompt");
  return watcher;
}

/** The next line that is not a hint of what was written before. */
async function hears(watcher: TestProgram, line: string): Promise<void> {
  let heard = await watcher.hear();
  while (heard === "hint") heard = await watcher.hear();
  assert.equal(heard, line);
}

async function tells(watcher: TestProgram, line: string, answer: string): Promise<void> {
  await watcher.say(line);
  await hears(watcher, answer);
}

kqueueTest(
  "watch() hints at another process's commits when permissions were given away",
  async (system, folder) => {
    const { wal, writer } = await messages(folder);
    await using _writer = writer;
    await using watcher = await watching(wal, system);
    for (let round = 0; round < 3; round++) {
      await tells(watcher, "arm", "armed");
      await writer.ask("commit", "commit");
      await watcher.expect("hint");
      await tells(watcher, "stop", "stopped");
    }
  },
);

kqueueTest(
  "watch() tells of a deleted -wal and watches the new one when armed again",
  async (system, folder) => {
    const { wal, writer } = await messages(folder);
    await using _writer = writer;
    await using watcher = await watching(wal, system);
    for (let round = 0; round < 3; round++) {
      await watcher.ask("arm", "armed");
      await writer.ask("commit", "commit");
      await watcher.expect("hint");
      await writer.ask("close", "close");
      await hears(watcher, "gone");
      await watcher.ask("arm", "absent");
      await writer.ask("open", "open");
    }
  },
);

kqueueTest("close() lets the program end by itself when SIGTERM comes", async (system, folder) => {
  const path = `${folder}/chat.db-wal`;
  Deno.writeTextFileSync(path, "");
  await using watcher = await watching(path, system);
  await watcher.ask("arm", "armed");
  const startedAt = performance.now();
  watcher.kill("SIGTERM");
  assert.equal(await watcher.code(), 0);
  assert.ok(performance.now() - startedAt < END_MS);
});

kqueueTest("close() leaves no descriptor when there were watches and events", async (system, folder) => {
  const path = `${folder}/chat.db-wal`;
  Deno.writeTextFileSync(path, "");
  await using program = new TestProgram("./kqueue_descriptors.ts", [path, JSON.stringify(system)]);
  await program.expect("left 0");
});

kqueueTest("watch() ends when the file is renamed", async (system, folder) => {
  const path = `${folder}/chat.db-wal`;
  Deno.writeTextFileSync(path, "");
  await using queue = openKqueue({ system });
  const gone = Promise.withResolvers<void>();
  assert.ok(queue);
  assert.ok(queue.watch({ path, onHint: () => {}, onGone: gone.resolve }));
  Deno.renameSync(path, `${path}.old`);
  await gone.promise;
  assert.equal(queue.watch({ path, onHint: () => {}, onGone: () => {} }), null);
});

kqueueTest(
  "watch() hints when the file grew, was written over or was cut off and written",
  async (system, folder) => {
    const path = `${folder}/chat.db-wal`;
    Deno.writeTextFileSync(path, "0123456789");
    await using queue = openKqueue({ system });
    using file = Deno.openSync(path, { read: true, write: true });
    const writes: (() => void)[] = [
      () => file.seekSync(0, Deno.SeekMode.End),
      () => file.seekSync(0, Deno.SeekMode.Start),
      () => file.truncateSync(0),
    ];
    for (const prepare of writes) {
      const hint = Promise.withResolvers<void>();
      const stop = queue?.watch({ path, onHint: hint.resolve, onGone: hint.reject });
      prepare();
      file.writeSync(new Uint8Array(4));
      await hint.promise;
      stop?.();
    }
  },
);

kqueueTest("close() ends the wait when nothing ever happened", async (system, folder) => {
  const path = `${folder}/chat.db-wal`;
  Deno.writeTextFileSync(path, "");
  const queue = openKqueue({ system });
  assert.ok(queue);
  await queue.close();
  await queue.close();
  assert.equal(queue.watch({ path, onHint: () => {}, onGone: () => {} }), null);
});

kqueueTest("openKqueue() gives null when one of its two libraries is missing", (system) => {
  assert.equal(openKqueue({ system: { ...system, fileLibrary: "/nowhere/libc.so" } }), null);
  assert.equal(openKqueue({ system: { ...system, queueLibrary: "/nowhere/libkqueue.so" } }), null);
  return Promise.resolve();
});
