/**
 * Who holds which POSIX locks, as `/proc/locks` tells; Linux alone.
 *
 * As long as SQLite has a database in WAL mode open it keeps two: a read lock on the "shared" bytes of the database, which
 * keeps others from deleting the WAL when they close, and one on the "dead man's switch" of its `-shm`. What it takes and
 * gives back meanwhile can lie beside them: the kernel tells of touching locks of one process as one.
 */
import { openDatabase } from "../../../src/sqlite/sqlite.ts";

export interface PosixLock {
  readonly kind: "read" | "write";
  readonly pid: number;
  /** As {@link fileId} names it. */
  readonly file: string;
  readonly first: number;
  /** Included; Infinity: whatever the file grows to. */
  readonly last: number;
}

const HELD = /^\d+: POSIX +\S+ +(READ|WRITE) +(\d+) ([0-9a-f]+:[0-9a-f]+:\d+) (\d+) (\d+|EOF)$/;

/** The POSIX locks that are held; who waits for one (`->`) and locks of other kinds are left out. Pure. */
export function parseLocks(text: string): PosixLock[] {
  return text.split("\n").flatMap((line) => {
    const [, kind, pid, file, first, last] = HELD.exec(line) ?? [];
    if (file === undefined) return [];
    return [{
      kind: kind === "READ" ? "read" : "write",
      pid: Number(pid),
      file,
      first: Number(first),
      last: last === "EOF" ? Infinity : Number(last),
    }];
  });
}

/** Device and inode, from what `stat` gives, as they stand in /proc/locks: `fe:00:9978053`. Pure. */
export function fileId(device: number, inode: number): string {
  const dev = BigInt(device);
  const major = (dev >> 8n & 0xfffn) | (dev >> 32n & ~0xfffn);
  const minor = (dev & 0xffn) | (dev >> 12n & ~0xffn);
  const hex = (part: bigint) => part.toString(16).padStart(2, "0");
  return `${hex(major)}:${hex(minor)}:${inode}`;
}

/** Null: there is no such file. */
export function fileIdOf(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return fileId(dev, ino ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What the process `pid` holds on the file at `path`. */
export function locksOn(path: string, pid: number): PosixLock[] {
  const file = fileIdOf(path);
  return parseLocks(Deno.readTextFileSync("/proc/locks")).filter((lock) =>
    lock.pid === pid && lock.file === file
  );
}

/** What SQLite keeps, by the end of the file's name. SHARED_FIRST and SHARED_SIZE are in os.h, UNIX_SHM_DMS in os_unix.c. */
const KEPT = [
  { side: "", first: 0x40000002, last: 0x40000002 + 509 },
  { side: "-shm", first: 128, last: 128 },
] as const;

/**
 * The kernel gives /proc/locks in pieces, and a list that changes meanwhile can lack a lock that is held (seen). So one is
 * lost that so many readings lack.
 */
const READINGS = 5;

/** The locks that `pid` ought to keep on these databases and does not hold, in words; empty when all is well. */
export function lostLocks(pid: number, databases: readonly string[]): string[] {
  let lost = databases.flatMap((path) => KEPT.map((kept) => ({ ...kept, path: path + kept.side })));
  for (let i = 0; i < READINGS && lost.length > 0; i++) {
    lost = lost.filter(({ path, first, last }) =>
      !locksOn(path, pid).some((lock) => lock.first <= first && last <= lock.last)
    );
  }
  return lost.map(({ path, first, last }) =>
    `no lock on ${path.slice(path.lastIndexOf("/") + 1)}, bytes ${first} to ${last}`
  );
}

/** Null where /proc/locks shows what SQLite holds; else why these tests can't be run here. */
export function whyNoLocks(): string | null {
  if (Deno.build.os !== "linux") return "only Linux has /proc/locks";
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-locks-" });
  try {
    using db = openDatabase(`${folder}/a.db`);
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE a (b)");
    return lostLocks(Deno.pid, [`${folder}/a.db`]).length === 0 ? null : "/proc/locks shows no locks here";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no /proc/locks";
    throw error;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A test of these locks; where it can't be run its name says why. `wanted`: false leaves it out. */
export function locksTest(
  name: string,
  fn: (test: Deno.TestContext) => Promise<void>,
  wanted = true,
): void {
  const why = whyNoLocks();
  if (why !== null) Deno.test.ignore(`${name} (not run: ${why})`, fn);
  else Deno.test({ name, fn, ignore: !wanted });
}
