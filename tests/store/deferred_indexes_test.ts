import { deepEqual, equal, throws } from "node:assert/strict";
import { buildDeferredIndexes, deferIndexes, openForFinishing } from "../../src/store/deferred_indexes.ts";
import { STATE_KEYS, StateStore } from "../../src/store/state.ts";
import messagesSql from "../../src/sync/pass/sql/messages.sql" with { type: "text" };
import { sectionOf } from "../support/sql_sections.ts";
import { Store } from "./support/store.ts";

class Bench extends Store {
  readonly state = new StateStore(this.db);

  constructor() {
    super();
    this.db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (1, 'a', 0)");
  }

  /** Name and SQL of every index there is. */
  indexes() {
    return this.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name");
  }
  /** Those of `messages` that have a statement of their own. */
  names(): unknown[] {
    return this.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'messages' ORDER BY name",
    ).map((row) => row["name"]);
  }
  /** As the beginning of a first import does. */
  defer(): void {
    this.db.transaction(() => {
      deferIndexes(this.db, this.state);
      this.state.set(STATE_KEYS.importPhase, "rows");
    });
  }
  build(also: () => void): void {
    using db = openForFinishing(this.path);
    buildDeferredIndexes(db, also);
  }
  message(guid: string, sourceRowid: number, content: string): void {
    this.db.prepare(
      `INSERT INTO messages (guid, source_rowid, chat_id, content, timestamp, is_from_me, message_type)
       VALUES (:guid, :sourceRowid, 1, :content, :sourceRowid, 0, 'text')`,
    ).run({ guid, sourceRowid, content });
  }
}

Deno.test("deferIndexes() takes the full indexes of messages away, guid's too, and leaves all others", () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  deepEqual(bench.names(), [
    "messages_conversation",
    "messages_deleted",
    "messages_not_in_source",
    "messages_sender_deleted",
    "messages_undecodable",
  ]);
  const gone = before.length - bench.indexes().length;
  equal(gone, 4);
  deepEqual(bench.rows("SELECT 1 FROM sqlite_schema WHERE name = 'messages_insert_counts'"), []);
});

Deno.test("buildDeferredIndexes() makes the very same indexes and goes on to the import's second part", () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  bench.message("A", 1, "one");
  bench.message("B", 2, "two");
  bench.build(() => {});
  deepEqual(bench.indexes(), before);
  equal(bench.state.get(STATE_KEYS.deferredIndexes), null);
  equal(bench.state.get(STATE_KEYS.importPhase), "rest");
  throws(() => bench.message("A", 3, "again"), /UNIQUE/);
  deepEqual(bench.rows("PRAGMA main.integrity_check"), [{ integrity_check: "ok" }]);
});

Deno.test("buildDeferredIndexes() keeps the row that was read last, and true counters, when a guid stands twice", () => {
  using bench = new Bench();
  bench.defer();
  bench.message("A", 1, "old");
  bench.message("B", 2, "alone");
  bench.message("A", 3, "older");
  bench.message("A", 5, "newest of A");
  bench.message("C", 8, "of a file that was replaced");
  bench.message("C", 7, "newest of C");
  // As the pass that brought them does.
  bench.db.prepare(sectionOf(messagesSql, "countSliceOfChats")).run({ after: 0 });
  bench.build(() => {});
  deepEqual(bench.rows("SELECT guid, source_rowid, content FROM messages ORDER BY guid"), [
    { guid: "A", source_rowid: 5, content: "newest of A" },
    { guid: "B", source_rowid: 2, content: "alone" },
    { guid: "C", source_rowid: 7, content: "newest of C" },
  ]);
  deepEqual(bench.rows("SELECT total_messages, created_date, last_message_date FROM chats"), [
    { total_messages: 3, created_date: 2, last_message_date: 7 },
  ]);
});

Deno.test("buildDeferredIndexes() leaves nothing half-built when it is cut off before its commit", () => {
  using bench = new Bench();
  const before = bench.indexes();
  bench.defer();
  bench.message("A", 1, "old");
  bench.message("A", 2, "new");
  const deferred = bench.state.get(STATE_KEYS.deferredIndexes);
  throws(() =>
    bench.build(() => {
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(bench.names(), [
    "messages_conversation",
    "messages_deleted",
    "messages_not_in_source",
    "messages_sender_deleted",
    "messages_undecodable",
  ]);
  equal(bench.state.get(STATE_KEYS.deferredIndexes), deferred);
  equal(bench.state.get(STATE_KEYS.importPhase), "rows");
  equal(bench.rows("SELECT 1 FROM messages").length, 2);
  bench.build(() => {});
  deepEqual(bench.indexes(), before);
  equal(bench.rows("SELECT 1 FROM messages").length, 1);
});

Deno.test("deferIndexes() leaves the indexes as they are when its transaction is rolled back", () => {
  using bench = new Bench();
  const before = bench.indexes();
  throws(() =>
    bench.db.transaction(() => {
      deferIndexes(bench.db, bench.state);
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(bench.indexes(), before);
  equal(bench.state.get(STATE_KEYS.deferredIndexes), null);
});
