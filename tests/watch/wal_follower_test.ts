/** The follower against a WAL that SQLite writes: where it goes on, and when it says that it may have missed something. */
import type { ChangedRows } from "../../src/model/changed_rows.ts";
import assert from "node:assert/strict";
import { type Connection, openDatabase } from "../../src/sqlite/sqlite.ts";
import { WalFollower, type WalReading } from "../../src/watch/wal_follower.ts";
import { WalFile } from "../../src/watch/wal_file.ts";
import { rewrittenWal } from "./support/rewritten_wal.ts";
import { cursorFromText, cursorToText } from "../../src/watch/wal_cursor.ts";

class Source implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-wal-" });
  readonly path = `${this.folder}/source.db`;
  readonly wal = `${this.path}-wal`;
  db: Connection = openDatabase(this.path);
  constructor() {
    this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
    this.db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB); PRAGMA wal_checkpoint(TRUNCATE)");
    // Each row on a page of its own, so that a commit writes what it changes and nothing else.
    for (let id = 1; id <= 20; id++) this.put(id);
    this.put(20);
  }
  /** One commit. */
  put(id: number): void {
    this.db.prepare("INSERT OR REPLACE INTO t VALUES (:id, zeroblob(3000))").run({ id });
  }
  checkpoint(mode: "FULL" | "TRUNCATE"): void {
    this.db.exec(`PRAGMA wal_checkpoint(${mode})`);
  }
  bytes(): Uint8Array {
    return Deno.readFileSync(this.wal);
  }
  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function accepted(follower: WalFollower): WalReading {
  const reading = follower.read();
  follower.accept(reading);
  return reading;
}

function following(source: Source): WalFollower {
  const follower = new WalFollower(source.path);
  accepted(follower);
  return follower;
}

const rows = ({ rowids }: ChangedRows): readonly number[] => rowids;

Deno.test("read() says gap and gives what is in the WAL when it has no place to go on from", () => {
  using source = new Source();
  const reading = new WalFollower(source.path).read();
  assert.equal(reading.gap, true);
  assert.ok(rows(reading.changed).includes(1) && rows(reading.changed).includes(20));
  assert.equal(source.db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.["log"], reading.frames);
});

Deno.test("read() gives each commit once as new, and the last one again until another stands behind it", () => {
  using source = new Source();
  const follower = following(source);
  source.put(3);
  const first = accepted(follower);
  assert.deepEqual([rows(first.changed), first.gap, first.frames], [[3], false, 1]);
  for (let i = 0; i < 2; i++) {
    const nothing = accepted(follower);
    assert.deepEqual([rows(nothing.changed), rows(nothing.again), nothing.gap], [[], [3], false]);
  }
  source.put(5);
  source.put(9);
  const two = accepted(follower);
  assert.deepEqual([rows(two.changed), rows(two.again)], [[5, 9], [3]]);
  assert.deepEqual(rows(accepted(follower).again), [9]);
});

Deno.test("read() gives everything since the accepted reading when one was not accepted", () => {
  using source = new Source();
  const follower = following(source);
  source.put(3);
  follower.read();
  source.put(5);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), reading.frames], [[3, 5], 2]);
});

Deno.test("read() takes nothing that is not committed when a transaction is long and spills", () => {
  using source = new Source();
  const follower = following(source);
  source.db.exec("PRAGMA cache_size = 2; BEGIN");
  for (let id = 100; id < 150; id++) source.put(id);
  const open = follower.read();
  assert.ok(Deno.statSync(source.wal).size > 60 * 4120, "nothing was spilled");
  assert.deepEqual([rows(open.changed), open.frames], [[], 0]);
  source.db.exec("COMMIT");
  const committed = follower.read();
  assert.ok(rows(committed.changed).includes(100) && rows(committed.changed).includes(149));
  assert.equal(committed.gap, false);
});

Deno.test("read() says no gap when the WAL was restarted and nothing was behind our place", () => {
  using source = new Source();
  const follower = following(source);
  source.checkpoint("FULL");
  source.put(4);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), rows(reading.again), reading.gap], [[4], [20], false]);
  source.put(6);
  assert.deepEqual(rows(accepted(follower).changed), [6]);
});

Deno.test("read() takes the old WAL's last commits when it was restarted before we read them", () => {
  using source = new Source();
  const follower = following(source);
  source.put(2);
  source.put(8);
  source.checkpoint("FULL");
  source.put(4);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), reading.gap, reading.frames], [[2, 4, 8], false, 3]);
});

Deno.test("read() says gap when the new WAL was written over our place in the old one", () => {
  using source = new Source();
  const follower = following(source);
  source.put(2);
  source.checkpoint("FULL");
  for (let i = 0; i < 100; i++) source.put(4);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), reading.gap], [[4], true]);
  assert.equal(accepted(follower).gap, false);
});

Deno.test("read() says gap when the WAL was restarted twice", () => {
  using source = new Source();
  const follower = following(source);
  for (const id of [2, 4]) {
    source.checkpoint("FULL");
    source.put(id);
  }
  assert.equal(accepted(follower).gap, true);
});

Deno.test("read() says gap when the WAL was cut off behind its restart", () => {
  using source = new Source();
  const follower = following(source);
  source.db.exec("PRAGMA journal_size_limit = 8192");
  source.put(2);
  source.checkpoint("FULL");
  source.put(4);
  assert.equal(Deno.statSync(source.wal).size, 8192, "it was not cut off");
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), reading.gap], [[4], true]);
});

Deno.test("read() says gap when the restarted WAL was cut off within the frame behind our place", () => {
  using source = new Source();
  const follower = following(source);
  const { size } = Deno.statSync(source.wal);
  source.db.exec(`PRAGMA journal_size_limit = ${size + 2000}`);
  source.put(2);
  source.checkpoint("FULL");
  source.put(4);
  assert.equal(Deno.statSync(source.wal).size, size + 2000, "it was not cut off");
  assert.equal(accepted(follower).gap, true);
});

Deno.test("read() says gap at once when the WAL was emptied, and follows the next one", () => {
  using source = new Source();
  const follower = following(source);
  source.put(2);
  source.checkpoint("TRUNCATE");
  const emptied = accepted(follower);
  assert.deepEqual([rows(emptied.changed), rows(emptied.again), emptied.gap], [[], [20], true]);
  source.put(4);
  assert.deepEqual(rows(accepted(follower).changed), [4]);
  source.put(6);
  const further = accepted(follower);
  assert.deepEqual([rows(further.changed), further.gap], [[6], false]);
});

Deno.test("read() says gap when there is no WAL, and follows the one that is made anew", () => {
  using source = new Source();
  const follower = following(source);
  // The last connection that closes takes the WAL away.
  source.db.close();
  assert.throws(() => Deno.statSync(source.wal), Deno.errors.NotFound);
  assert.equal(accepted(follower).gap, true);
  source.db = openDatabase(source.path);
  source.put(77);
  const reading = accepted(follower);
  assert.equal(reading.gap, true);
  assert.ok(rows(reading.changed).includes(77));
});

Deno.test("read() goes on where another run stopped when it is given that one's cursor", () => {
  using source = new Source();
  const before = new WalFollower(source.path).read().place;
  assert.ok(before !== null);
  source.put(3);
  const follower = new WalFollower(source.path, cursorFromText(cursorToText(before.sure)));
  const reading = accepted(follower);
  // The last transaction of the other run is read once more.
  assert.deepEqual([rows(reading.changed), reading.gap, reading.frames], [[3, 20], false, 2]);
});

Deno.test("read() reads the last commit anew when another writer wrote over it", () => {
  using source = new Source();
  // No database stands beside this one: only the WAL is read.
  const alone = `${source.folder}/alone.db`;
  const becomes = (wal: Uint8Array): void => Deno.writeFileSync(`${alone}-wal`, wal);
  const before = source.bytes();
  source.put(3);
  const with3 = source.bytes();
  source.put(5);
  // As a writer leaves it that died between its commit frame and the moment when others can see it, and the next one.
  const with5 = rewrittenWal(Uint8Array.from([...before, ...source.bytes().slice(with3.length)]), false);
  becomes(before);
  const follower = new WalFollower(alone);
  accepted(follower);
  becomes(with3);
  assert.deepEqual(rows(accepted(follower).changed), [3]);
  becomes(with5);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), rows(reading.again), reading.gap], [[5], [3], false]);
});

Deno.test("read() says gap when more than the last commit was written over", () => {
  using source = new Source();
  const alone = `${source.folder}/alone.db`;
  const before = source.bytes();
  source.put(3);
  source.put(5);
  Deno.writeFileSync(`${alone}-wal`, source.bytes());
  const follower = new WalFollower(alone);
  accepted(follower);
  Deno.writeFileSync(`${alone}-wal`, before.slice(0, -4120));
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed).includes(19), reading.gap], [true, true]);
});

Deno.test("read() throws wal_unreadable when the WAL can't be opened", () => {
  using source = new Source();
  Deno.mkdirSync(`${source.folder}/folder.db-wal`);
  for (const path of [`${source.folder}/folder.db`, `${source.path}/no_folder.db`]) {
    assert.throws(() => new WalFollower(path).read(), { code: "wal_unreadable" }, path);
  }
});

Deno.test("readAhead() takes work off read(), and nothing away from what it gives", () => {
  using source = new Source();
  const [ahead, plain] = [following(source), following(source)];
  for (const ids of [[3, 4], [5], []]) {
    for (const id of ids) {
      source.put(id);
      ahead.readAhead();
    }
    source.put(6);
    assert.deepEqual(accepted(ahead), accepted(plain));
  }
  ahead.readAhead();
  source.put(7);
  source.checkpoint("TRUNCATE");
  source.put(8);
  assert.deepEqual(accepted(ahead), accepted(plain), "after the WAL began anew");
});

Deno.test("read() forgets what was read ahead when its writer died and the next one wrote over it", () => {
  using source = new Source();
  const alone = `${source.folder}/alone.db`;
  const becomes = (bytes: Uint8Array) => Deno.writeFileSync(`${alone}-wal`, bytes);
  const before = source.bytes();
  source.put(3);
  const with3 = source.bytes();
  source.put(5);
  const with5 = rewrittenWal(Uint8Array.from([...before, ...source.bytes().slice(with3.length)]), false);
  becomes(before);
  const follower = new WalFollower(alone);
  accepted(follower);
  becomes(with3);
  follower.readAhead();
  becomes(with5);
  const reading = accepted(follower);
  assert.deepEqual([rows(reading.changed), reading.gap], [[5], false]);
});

Deno.test("readAhead() reads a long open transaction once, up to a limit, however many hints it sends", () => {
  using source = new Source();
  const [ahead, plain] = [following(source), following(source)];
  source.db.exec("PRAGMA cache_size = 4; BEGIN");
  let read = 0;
  const { prototype } = WalFile;
  const original = prototype.read;
  prototype.read = function (offset, into) {
    const bytes = original.call(this, offset, into);
    read += bytes.length;
    return bytes;
  };
  try {
    for (let id = 1_000; id < 2_500; id++) {
      source.put(id);
      if (id % 50 === 0) ahead.readAhead();
    }
  } finally {
    prototype.read = original;
  }
  assert.ok(source.bytes().length > 4 * 1024 * 1024, "it spills into the WAL");
  assert.ok(read < 1.5 * 1024 * 1024, `${read} bytes`);
  source.db.exec("COMMIT");
  const [a, b] = [accepted(ahead), accepted(plain)];
  assert.deepEqual([a.changed.rowids, a.gap, a.place?.end], [b.changed.rowids, b.gap, b.place?.end]);
});
