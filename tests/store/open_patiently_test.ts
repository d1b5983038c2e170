/** A lock at start: waited for, without holding the event loop, but not for ever. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { silentLog } from "../../src/platform/log.ts";
import { type Connection, openDatabase } from "../../src/sqlite/sqlite.ts";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { openPatiently, type PatientOptions } from "../../src/store/open_patiently.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";
import { FEED, Store } from "./support/store.ts";

/** A database that has to be migrated, and another program that writes to it. */
class Locked implements Disposable {
  readonly store = new Store();
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly other: Connection;
  constructor() {
    this.other = openDatabase(this.store.path);
    this.other.exec("BEGIN IMMEDIATE");
  }
  open(): Promise<Connection> {
    const options: PatientOptions = {
      randomUuid: () => FEED,
      migrations: [...MIGRATIONS, "CREATE TABLE test_extra (x)"],
      clock: this.clock,
      busyLimitMs: 1_000,
      log: { ...silentLog, info: (message) => this.said.push(message) },
    };
    return openPatiently(this.store.path, options);
  }
  [Symbol.dispose](): void {
    this.other.close();
    this.store[Symbol.dispose]();
  }
}

Deno.test("openPatiently() opens and says once that it waits when a lock at start is given back in time", async () => {
  using locked = new Locked();
  const opening = locked.open();
  await until(() => locked.clock.timers === 1, "the first wait");
  // The loop is free: that we are here is the proof.
  locked.clock.tick(25);
  await until(() => locked.clock.timers === 1, "the second wait");
  locked.other.exec("ROLLBACK");
  locked.clock.tick(50);
  using db = await opening;
  equal(db.prepare("PRAGMA user_version").get()?.["user_version"], MIGRATIONS.length + 1);
  deepEqual(locked.said, ["Another program holds a lock on our database: waiting for it"]);
});

Deno.test("openPatiently() gives up with words when the lock lasts", async () => {
  using locked = new Locked();
  const opening = locked.open();
  const failed = rejects(opening, (error) => {
    ok(error instanceof LiveSyncError);
    equal(error.code, "database_locked");
    ok(error.message.includes(locked.store.path) && error.hint.includes("start again"));
    return true;
  });
  let over = false;
  void failed.finally(() => over = true);
  await until(() => {
    locked.clock.tick(100);
    return over;
  }, "the end of its patience");
  await failed;
  ok(locked.clock.monotonic() >= 1_000);
  equal(locked.clock.timers, 0);
});
