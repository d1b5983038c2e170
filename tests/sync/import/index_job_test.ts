import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { deferIndexes } from "../../../src/store/deferred_indexes.ts";
import { STATE_KEYS, StateStore } from "../../../src/store/state.ts";
import { IndexJob } from "../../../src/sync/import/index_job.ts";
import { Store } from "../../store/support/store.ts";
import { SqliteError } from "../../../src/sqlite/sqlite.ts";

/** A database in the first part of its import. */
class Bench extends Store {
  readonly state = new StateStore(this.db);
  constructor() {
    super();
    this.db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (1, 'a', 0)");
  }
  indexes() {
    return this.rows("SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') ORDER BY name");
  }
  defer(): void {
    this.db.transaction(() => {
      deferIndexes(this.db, this.state);
      this.state.set(STATE_KEYS.importPhase, "rows");
    });
  }
  message(guid: string, sourceRowid: number, content: string): void {
    this.db.prepare(
      `INSERT INTO messages (guid, source_rowid, chat_id, content, timestamp, is_from_me, message_type)
       VALUES (:guid, :sourceRowid, 1, :content, :sourceRowid, 0, 'text')`,
    ).run({ guid, sourceRowid, content });
  }
}

/** As the program does: the thread that was given up may hold its lock for a moment longer. */
async function finishPatiently(path: string): Promise<void> {
  while (true) {
    try {
      return await new IndexJob(path).finish();
    } catch (error) {
      if (!(error instanceof SqliteError) || !error.isBusy) throw error;
    }
  }
}

Deno.test("IndexJob.finish() builds them in another thread while the event loop goes on", async () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  bench.message("A", 1, "one");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await new IndexJob(bench.path).finish();
  clearInterval(timer);
  ok(turns > 0);
  deepEqual(bench.indexes(), before);
  equal(bench.state.get(STATE_KEYS.importPhase), "rest");
});

Deno.test("IndexJob.finish() resolves at once when it is stopped while it works, and builds them the next time", async () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  // Our write lock keeps the worker from finishing.
  bench.db.exec("BEGIN IMMEDIATE");
  const job = new IndexJob(bench.path);
  const building = job.finish();
  ok(job.underWay !== null);
  await job.stop();
  await building;
  equal(job.underWay, null);
  equal(bench.state.get(STATE_KEYS.importPhase), "rows");
  bench.db.exec("ROLLBACK");
  await finishPatiently(bench.path);
  deepEqual(bench.indexes(), before);
});

Deno.test("IndexJob.finish() begins nothing when it was stopped before", async () => {
  using bench = new Bench();
  bench.defer();
  const job = new IndexJob(bench.path);
  await job.stop();
  await job.finish();
  equal(bench.state.get(STATE_KEYS.importPhase), "rows");
});

Deno.test("IndexJob.finish() rejects with SQLite's reason when the database can't be written", async () => {
  using bench = new Bench();
  bench.defer();
  bench.db.exec("BEGIN IMMEDIATE");
  await rejects(new IndexJob(bench.path).finish(), {
    code: "sqlite_5",
    isBusy: true,
    message: /locked/,
  });
  bench.db.exec("ROLLBACK");
});
