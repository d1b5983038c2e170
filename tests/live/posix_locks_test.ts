/** What the tests of our locks stand on: /proc/locks read right, and what takes locks away. */
import { deepEqual, equal } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { fileId, locksTest, lostLocks, parseLocks } from "./support/posix_locks.ts";

Deno.test("parseLocks() gives the POSIX locks that are held when others are held and waited for, too", () => {
  const text = `1: FLOCK  ADVISORY  WRITE 4789 fe:00:9978053 0 EOF
2: POSIX  ADVISORY  READ 4789 fe:00:10036810 128 128
3: POSIX  ADVISORY  READ 4789 fe:00:9978049 1073741826 1073742335
3: -> POSIX  ADVISORY  WRITE 4801 fe:00:9978049 1073741826 1073742335
4: POSIX  MANDATORY WRITE 12 103:2a:7 0 EOF
5: OFDLCK ADVISORY  READ -1 00:06:1059 0 0
6: LEASE  ACTIVE    READ 900 fe:00:11 0 EOF
7: POSIX  ADVISORY  WRITE 13 <none>:0 0 EOF
`;
  deepEqual(parseLocks(text), [
    { kind: "read", pid: 4789, file: "fe:00:10036810", first: 128, last: 128 },
    { kind: "read", pid: 4789, file: "fe:00:9978049", first: 1073741826, last: 1073742335 },
    { kind: "write", pid: 12, file: "103:2a:7", first: 0, last: Infinity },
  ]);
  deepEqual(parseLocks(""), []);
});

Deno.test("fileId() names a device as the kernel does when its numbers are small and when they are large", () => {
  equal(fileId(0xfe00, 12), "fe:00:12");
  equal(fileId(0x0802, 12), "08:02:12");
  equal(fileId(0x2d, 12), "00:2d:12");
  // 0x103 and 0x12a: the upper bits of the minor number stand above the major one.
  equal(fileId(0x11032a, 12), "103:12a:12");
});

locksTest(
  "lostLocks() tells of both locks when their files are opened and closed by hand, until they are taken anew",
  () => {
    const folder = Deno.makeTempDirSync({ prefix: "chatstats-locks-" });
    const path = `${folder}/a.db`;
    try {
      {
        using db = openDatabase(path);
        db.exec("PRAGMA journal_mode = WAL; CREATE TABLE a (b)");
        deepEqual(lostLocks(Deno.pid, [path]), []);
        // What a watch on the folder does with every event.
        Deno.openSync(`${path}-wal`).close();
        deepEqual(lostLocks(Deno.pid, [path]), []);
        Deno.openSync(path).close();
        deepEqual(lostLocks(Deno.pid, [path]), ["no lock on a.db, bytes 1073741826 to 1073742335"]);
        Deno.openSync(`${path}-shm`).close();
        equal(lostLocks(Deno.pid, [path]).length, 2);
        // Another process's locks are none of ours.
        equal(lostLocks(1, [path]).length, 2);
      }
      using _again = openAndRead(path);
      deepEqual(lostLocks(Deno.pid, [path]), []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
    return Promise.resolve();
  },
);

function openAndRead(path: string) {
  const db = openDatabase(path);
  db.prepare("SELECT count(*) FROM a").get();
  return db;
}
