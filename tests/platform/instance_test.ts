import assert from "node:assert/strict";
import { type Clock, sleep, systemClock } from "../../src/platform/clock.ts";
import type { Holder, InstanceInfo } from "../../src/platform/holder.ts";
import {
  acquireInstance,
  type InstanceLock,
  readInstance,
  waitForInstance,
} from "../../src/platform/instance.ts";
import { canMount, SmallDisk } from "../support/faults.ts";

/** Time that passes at once: every timer fires in the next turn of the event loop. */
const hurriedClock: Clock = { ...systemClock, after: (_delay, callback) => systemClock.after(0, callback) };

function infoOf(database: string, changes: Partial<InstanceInfo> = {}): InstanceInfo {
  return {
    pid: Deno.pid,
    url: "http://127.0.0.1:1",
    ws: "ws://127.0.0.1:1/ws",
    token: "t",
    feed: "f",
    version: "0",
    started_at: "2026-11-22T14:03:11.204Z",
    database,
    ...changes,
  };
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function mustAcquire(database: string): Promise<InstanceLock> {
  const { lock, heldBy } = await acquireInstance(database, hurriedClock);
  assert.equal(heldBy, undefined);
  assert.ok(lock);
  return lock;
}

/** Who holds it, leaving out since when. */
function aboutUs(database: string) {
  const { pid, doing, info } = readInstance(database) ?? {};
  return { pid, doing, info };
}

/** A real second process that holds the lock until its stdin ends, or until it is killed. */
async function holderProcess(database: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("./support/hold_instance.ts", import.meta.url).pathname,
      database,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const said = new TextDecoder().decode(value).trim();
  reader.releaseLock();
  return {
    said,
    pid: child.pid,
    async end() {
      await child.stdin.close();
      await child.stdout.cancel();
      await child.status;
    },
    async kill() {
      child.kill("SIGKILL");
      await child.status;
      await child.stdin.close().catch(() => {});
      await child.stdout.cancel();
    },
  };
}

Deno.test("acquireInstance() makes a private folder, lock and instance.json when nothing is there", () =>
  withFolder(async (folder) => {
    const database = `${folder}/deep/er/c.db`;
    using lock = await mustAcquire(database);
    lock.publish(infoOf(database));
    const mode = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;
    assert.equal(mode(`${folder}/deep/er`), 0o700);
    assert.equal(mode(`${database}.lock`), 0o600);
    assert.equal(mode(`${folder}/deep/er/instance.json`), 0o600);
    assert.deepEqual([...Deno.readDirSync(`${folder}/deep/er`)].map(({ name }) => name).sort(), [
      "c.db.lock",
      "instance.json",
    ]);
  }));

Deno.test("readInstance() tells of a holder in another process when there is one, and of none after its end", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    const holder = await holderProcess(database);
    assert.equal(holder.said, "held");
    const seen = readInstance(database);
    assert.equal(seen?.pid, holder.pid);
    assert.equal(seen?.info?.pid, holder.pid);
    assert.equal(seen?.info?.database, database);
    const refused = await acquireInstance(database, hurriedClock);
    assert.equal(refused.lock, null);
    assert.equal(refused.heldBy?.info?.url, seen?.info?.url);
    await holder.end();
    assert.equal(readInstance(database), null);
    const left: unknown = JSON.parse(Deno.readTextFileSync(`${folder}/instance.json`));
    assert.deepEqual(Object.keys(Object(left)), ["ended_at"], "the token and the address are gone");
    assert.equal(Deno.readTextFileSync(`${database}.lock`), "");
  }));

Deno.test("acquireInstance() takes over when the holder was killed and left a stale instance.json", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    const holder = await holderProcess(database);
    await holder.kill();
    assert.ok(Deno.statSync(`${folder}/instance.json`).isFile);
    assert.equal(readInstance(database), null);
    using lock = await mustAcquire(database);
    // What the dead one said is not taken for ours.
    assert.deepEqual(aboutUs(database), { pid: Deno.pid, doing: "run", info: null });
    lock.publish(infoOf(database, { token: "new" }));
    assert.equal(readInstance(database)?.info?.token, "new");
  }));

Deno.test("acquireInstance() has one winner when two processes try at the same moment", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    const both = await Promise.all([holderProcess(database), holderProcess(database)]);
    assert.deepEqual(both.map(({ said }) => said).sort(), ["held", "refused"]);
    await Promise.all(both.map((holder) => holder.end()));
  }));

Deno.test("waitForInstance() gets the lock when the holder ends, and gives up when it is told to", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    const holder = await holderProcess(database);
    const giveUp = new AbortController();
    const abandoned = waitForInstance(database, giveUp.signal, systemClock);
    giveUp.abort();
    assert.equal(await abandoned, null);
    const waiting = waitForInstance(database, new AbortController().signal, hurriedClock);
    await holder.end();
    using lock = await waiting;
    assert.ok(lock);
  }));

Deno.test("readInstance() makes no file and no folder when nothing is there", () =>
  withFolder((folder) => {
    assert.equal(readInstance(`${folder}/c.db`), null);
    assert.equal(readInstance(`${folder}/missing/c.db`), null);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    return Promise.resolve();
  }));

Deno.test("publish() keeps two databases of one folder apart when both run", () =>
  withFolder(async (folder) => {
    const [a, b] = [`${folder}/a.db`, `${folder}/b.db`];
    using lockA = await mustAcquire(a);
    lockA.publish(infoOf(a, { token: "a" }));
    const lockB = await mustAcquire(b);
    lockB.publish(infoOf(b, { token: "b" }));
    assert.equal(readInstance(a)?.info?.token, "a");
    assert.equal(readInstance(b)?.info?.token, "b");
    lockB.release();
    assert.equal(readInstance(b), null);
    assert.equal(readInstance(a)?.info?.token, "a");
  }));

Deno.test("readInstance() says null for the address when instance.json is cut off or speaks of another database", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    using _lock = await mustAcquire(database);
    assert.deepEqual(aboutUs(database), { pid: Deno.pid, doing: "run", info: null });
    Deno.writeTextFileSync(`${folder}/instance.json`, '{"pid":1,"url":');
    assert.equal(readInstance(database)?.info, null);
    Deno.writeTextFileSync(`${folder}/instance.json`, JSON.stringify(infoOf(`${folder}/other.db`)));
    assert.equal(readInstance(database)?.info, null);
  }));

Deno.test("readInstance() sees one database under two names when a symbolic link leads to its folder", () =>
  withFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/real`);
    Deno.symlinkSync(`${folder}/real`, `${folder}/link`);
    using lock = await mustAcquire(`${folder}/link/c.db`);
    lock.publish(infoOf(`${folder}/link/c.db`));
    assert.equal(readInstance(`${folder}/real/c.db`)?.info?.database, `${folder}/real/c.db`);
  }));

Deno.test("readInstance() tells what the holder is doing and since when, and a waiter hears each of them once", () =>
  withFolder(async (folder) => {
    const database = `${folder}/c.db`;
    const before = Date.now();
    const { lock } = await acquireInstance(database, hurriedClock, "sync");
    const holder = readInstance(database);
    assert.ok(holder && holder.doing === "sync" && holder.info === null);
    const since = Date.parse(holder.since ?? "");
    assert.ok(since >= before && since <= Date.now(), `${holder.since}`);
    assert.equal((Deno.statSync(`${database}.lock`).mode ?? 0) & 0o777, 0o600);
    const heard: Holder[] = [];
    const waiting = waitForInstance(database, new AbortController().signal, hurriedClock, {
      onHolder: (each) => void heard.push(each),
    });
    while (heard.length === 0) await sleep(systemClock, 1);
    lock?.release();
    using taken = await waiting;
    assert.ok(taken);
    assert.deepEqual(heard, [holder]);
  }));

Deno.test("waitForInstance() gives up with what its listener throws when the holder is none to wait for", () =>
  withFolder(async (folder) => {
    using _lock = await mustAcquire(`${folder}/c.db`);
    const refused = new Error("not that one");
    const waiting = waitForInstance(`${folder}/c.db`, new AbortController().signal, hurriedClock, {
      onHolder: () => {
        throw refused;
      },
    });
    await assert.rejects(waiting, refused);
  }));

Deno.test({
  name: "publish() goes on when the disk is full, and tells it once there is room",
  ignore: !canMount(),
  fn: async () => {
    using disk = new SmallDisk("256k");
    const database = `${disk.folder}/c.db`;
    disk.fill();
    using lock = await mustAcquire(database);
    assert.equal(lock.publish(infoOf(database)), false);
    assert.equal(lock.tellAgain(), false);
    const holder = readInstance(database);
    assert.ok(holder !== null && holder.info === null);
    disk.free();
    assert.equal(lock.tellAgain(), true);
    assert.equal(readInstance(database)?.info?.token, "t");
    assert.equal((Deno.statSync(`${disk.folder}/instance.json`).mode ?? 0) & 0o777, 0o600);
  },
});
