/** A disk that is really full, where the machine lets us make one. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { backupPath } from "../../src/store/backup.ts";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { canMount, SmallDisk } from "../support/faults.ts";
import { FEED } from "./support/store.ts";

const ignore = !canMount();
const NEXT = "CREATE TABLE test_extra (x)";

function open(path: string, more: readonly string[]) {
  return openChatStatsDatabase(path, { randomUuid: () => FEED, migrations: [...MIGRATIONS, ...more] });
}

function isFull(error: unknown): boolean {
  ok(error instanceof LiveSyncError, String(error));
  equal(error.code, "disk_full");
  ok(error.hint.includes("start again"));
  return true;
}

Deno.test({
  name:
    "openChatStatsDatabase() says that the disk is full when a new database has no room, and makes it later",
  ignore,
  fn() {
    using disk = new SmallDisk("1m");
    const path = `${disk.folder}/chatstats.db`;
    disk.fill();
    throws(() => open(path, []), isFull);
    Deno.truncateSync(`${disk.folder}/filler`, Deno.statSync(`${disk.folder}/filler`).size - 80 * 1024);
    throws(() => open(path, []), isFull);
    disk.free();
    open(path, []).close();
  },
});

Deno.test({
  name:
    "openChatStatsDatabase() changes nothing and leaves no half backup when the disk is full before a migration",
  ignore,
  fn() {
    using disk = new SmallDisk("1m");
    const path = `${disk.folder}/chatstats.db`;
    open(path, []).close();
    disk.fill();
    Deno.truncateSync(`${disk.folder}/filler`, Deno.statSync(`${disk.folder}/filler`).size - 128 * 1024);
    throws(() => open(path, [NEXT]), isFull);
    deepEqual([...Deno.readDirSync(disk.folder)].map(({ name }) => name).toSorted(), [
      "chatstats.db",
      "filler",
    ]);
    // Reading needs a -shm, for which there may be no room either.
    disk.free();
    {
      using db = openDatabase(path, { readOnly: true });
      equal(db.prepare("PRAGMA user_version").get()?.["user_version"], MIGRATIONS.length);
    }
    open(path, [NEXT]).close();
    ok(Deno.statSync(backupPath(path, MIGRATIONS.length)).size > 0);
  },
});

Deno.test({
  name: "openChatStatsDatabase() changes nothing and names the backup when the disk is full in a migration",
  ignore,
  fn() {
    using disk = new SmallDisk("2m");
    const path = `${disk.folder}/chatstats.db`;
    open(path, []).close();
    const large = "CREATE TABLE test_extra AS SELECT hex(zeroblob(4000000)) AS x";
    throws(() => open(path, [large]), (error) => {
      ok(isFull(error) && error instanceof LiveSyncError);
      ok(error.hint.includes(backupPath(path, MIGRATIONS.length)), error.hint);
      return true;
    });
    using db = openDatabase(path, { readOnly: true });
    equal(db.prepare("PRAGMA user_version").get()?.["user_version"], MIGRATIONS.length);
    equal(db.prepare("PRAGMA quick_check").get()?.["quick_check"], "ok");
  },
});
