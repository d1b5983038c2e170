import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { deferIndexes } from "../../../src/store/deferred_indexes.ts";
import { STATE_KEYS, StateStore } from "../../../src/store/state.ts";
import { IndexJob } from "../../../src/sync/import/index_job.ts";
import { Store } from "../../store/support/store.ts";
import { SqliteError } from "../../../src/sqlite/sqlite.ts";

/** A database in the first part of its import. */
class Fixture extends Store {
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
  using fixture = new Fixture();
  const before = fixture.indexes();
  fixture.defer();
  fixture.message("A", 1, "one");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await new IndexJob(fixture.path).finish();
  clearInterval(timer);
  ok(turns > 0);
  deepEqual(fixture.indexes(), before);
  equal(fixture.state.get(STATE_KEYS.importPhase), "rest");
});

Deno.test("IndexJob.finish() resolves at once when it is stopped while it works, and builds them the next time", async () => {
  using fixture = new Fixture();
  const before = fixture.indexes();
  fixture.defer();
  // Our write lock keeps the worker from finishing.
  fixture.db.exec("BEGIN IMMEDIATE");
  const job = new IndexJob(fixture.path);
  const building = job.finish();
  ok(job.underWay !== null);
  await job.stop();
  await building;
  equal(job.underWay, null);
  equal(fixture.state.get(STATE_KEYS.importPhase), "rows");
  fixture.db.exec("ROLLBACK");
  await finishPatiently(fixture.path);
  deepEqual(fixture.indexes(), before);
});

Deno.test("IndexJob.finish() begins nothing when it was stopped before", async () => {
  using fixture = new Fixture();
  fixture.defer();
  const job = new IndexJob(fixture.path);
  await job.stop();
  await job.finish();
  equal(fixture.state.get(STATE_KEYS.importPhase), "rows");
});

Deno.test("IndexJob.finish() rejects with SQLite's reason when the database can't be written", async () => {
  using fixture = new Fixture();
  fixture.defer();
  fixture.db.exec("BEGIN IMMEDIATE");
  await rejects(new IndexJob(fixture.path).finish(), {
    code: "sqlite_5",
    isBusy: true,
    message: /locked/,
  });
  fixture.db.exec("ROLLBACK");
});
