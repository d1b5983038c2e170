/** A writer in another process that never rests: what is followed is at its end what the writer left. */
import assert from "node:assert/strict";
import { type Connection, openDatabase } from "../../src/sqlite/sqlite.ts";
import { WalFollower } from "../../src/watch/wal_follower.ts";

const COMMITS = 600;

function writing(path: string): Deno.ChildProcess {
  const program = new URL("support/restless_writer.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", program, path, String(COMMITS)],
  }).spawn();
}

/** Keeps a copy true by reading only the rows that the follower names, only when `data_version` moved. */
class Copy {
  readonly numbers = new Map<number, number>();
  gaps = 0;
  passes = 0;
  #version: unknown = null;
  readonly #db: Connection;
  readonly #follower: WalFollower;
  constructor(db: Connection, path: string) {
    this.#db = db;
    this.#follower = new WalFollower(path);
    this.#follower.accept(this.#follower.read());
    for (let id = 1; id <= COMMITS; id++) this.#copyRow(id);
  }
  look(): void {
    const version = this.#db.prepare("PRAGMA data_version").get()?.["data_version"];
    if (version === this.#version) return;
    this.#version = version;
    const reading = this.#follower.read();
    this.#db.transaction(() => {
      for (const id of [...reading.changed.rowids, ...reading.again.rowids]) this.#copyRow(id);
    });
    this.#follower.accept(reading);
    this.passes++;
    if (reading.gap) this.gaps++;
  }
  #copyRow(id: number): void {
    const row = this.#db.prepare("SELECT number FROM t WHERE id = :id").get({ id });
    if (row !== undefined) this.numbers.set(id, Number(row["number"]));
  }
}

Deno.test("read() misses no commit when another process writes without rest", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-wal-" });
  const path = `${folder}/source.db`;
  try {
    using db = openDatabase(path);
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB, number INTEGER)",
    );
    // Each row on a page of its own, and written once: a commit that is missed is not made good by chance.
    db.exec(
      `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.trunc(COMMITS)})
       INSERT INTO t SELECT i, zeroblob(3000), 0 FROM n`,
    );
    const copy = new Copy(db, path);
    let running = true;
    const ended = writing(path).status.then(({ success }) => {
      running = false;
      assert.ok(success);
    });
    while (running) {
      for (let i = 0; i < 200; i++) copy.look();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await ended;
    copy.look();
    const there = db.prepare("SELECT id, number FROM t").all().map((row) =>
      [row["id"], row["number"]] as const
    );
    assert.deepEqual([...copy.numbers].toSorted(([a], [b]) => a - b), there);
    assert.equal(copy.gaps, 0);
    // How many it takes is for the machine: a slow one sees many commits at once.
    assert.ok(copy.passes > 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
