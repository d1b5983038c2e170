import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { deferIndexes } from "../../../src/store/deferred_indexes.ts";
import { STATE_KEYS, StateStore } from "../../../src/store/state.ts";
import { IndexJob } from "../../../src/sync/import/index_job.ts";
import { Store } from "../../store/support/store.ts";

const never = new AbortController().signal;

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

Deno.test("ImportFinisher.finish() builds them in another thread while the event loop goes on", async () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  bench.message("A", 1, "one");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await new IndexJob(bench.path).finish(never);
  clearInterval(timer);
  ok(turns > 0);
  deepEqual(bench.indexes(), before);
  equal(bench.state.get(STATE_KEYS.importPhase), "rest");
});

Deno.test("ImportFinisher.finish() resolves at once when the signal aborts while it works, and builds them the next time", async () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  // Our write lock keeps the worker from finishing.
  bench.db.exec("BEGIN IMMEDIATE");
  const stop = new AbortController();
  const building = new IndexJob(bench.path).finish(stop.signal);
  stop.abort();
  await building;
  equal(bench.state.get(STATE_KEYS.importPhase), "rows");
  bench.db.exec("ROLLBACK");
  await new IndexJob(bench.path).finish(never);
  deepEqual(bench.indexes(), before);
});

Deno.test("ImportFinisher.finish() begins nothing when the signal was aborted before", async () => {
  using bench = new Bench();
  bench.defer();
  await new IndexJob(bench.path).finish(AbortSignal.abort());
  equal(bench.state.get(STATE_KEYS.importPhase), "rows");
});

Deno.test("ImportFinisher.finish() rejects with SQLite's reason when the database can't be written", async () => {
  using bench = new Bench();
  bench.defer();
  bench.db.exec("BEGIN IMMEDIATE");
  await rejects(new IndexJob(bench.path).finish(never), {
    code: "sqlite_5",
    isBusy: true,
    message: /locked/,
  });
  bench.db.exec("ROLLBACK");
});
