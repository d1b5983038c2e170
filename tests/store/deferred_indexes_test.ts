import { deepEqual, equal, throws } from "node:assert/strict";
import { buildDeferredIndexes, deferIndexes, openForFinishing } from "../../src/store/deferred_indexes.ts";
import { STATE_KEYS, StateStore } from "../../src/store/state.ts";
import messagesSql from "../../src/sync/pass/sql/messages.sql" with { type: "text" };
import { sectionOf } from "../support/sql_sections.ts";
import { Store } from "./support/store.ts";

class Fixture extends Store {
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
  using fixture = new Fixture();
  const before = fixture.indexes();
  fixture.defer();
  deepEqual(fixture.names(), [
    "messages_conversation",
    "messages_deleted",
    "messages_not_in_source",
    "messages_sender_deleted",
    "messages_undecodable",
  ]);
  const gone = before.length - fixture.indexes().length;
  equal(gone, 4);
  deepEqual(fixture.rows("SELECT 1 FROM sqlite_schema WHERE name = 'messages_insert_counts'"), []);
});

Deno.test("buildDeferredIndexes() makes the very same indexes and goes on to the import's second part", () => {
  using fixture = new Fixture();
  const before = fixture.indexes();
  fixture.defer();
  fixture.message("A", 1, "one");
  fixture.message("B", 2, "two");
  fixture.build(() => {});
  deepEqual(fixture.indexes(), before);
  equal(fixture.state.get(STATE_KEYS.deferredIndexes), null);
  equal(fixture.state.get(STATE_KEYS.importPhase), "rest");
  throws(() => fixture.message("A", 3, "again"), /UNIQUE/);
  deepEqual(fixture.rows("PRAGMA main.integrity_check"), [{ integrity_check: "ok" }]);
});

Deno.test("buildDeferredIndexes() keeps the row that was read last, and true counters, when a guid stands twice", () => {
  using fixture = new Fixture();
  fixture.defer();
  fixture.message("A", 1, "old");
  fixture.message("B", 2, "alone");
  fixture.message("A", 3, "older");
  fixture.message("A", 5, "newest of A");
  fixture.message("C", 8, "of a file that was replaced");
  fixture.message("C", 7, "newest of C");
  // As the pass that brought them does.
  fixture.db.prepare(sectionOf(messagesSql, "countSliceOfChats")).run({ after: 0 });
  fixture.build(() => {});
  deepEqual(fixture.rows("SELECT guid, source_rowid, content FROM messages ORDER BY guid"), [
    { guid: "A", source_rowid: 5, content: "newest of A" },
    { guid: "B", source_rowid: 2, content: "alone" },
    { guid: "C", source_rowid: 7, content: "newest of C" },
  ]);
  deepEqual(fixture.rows("SELECT total_messages, created_date, last_message_date FROM chats"), [
    { total_messages: 3, created_date: 2, last_message_date: 7 },
  ]);
});

Deno.test("buildDeferredIndexes() leaves nothing half-built when it is cut off before its commit", () => {
  using fixture = new Fixture();
  const before = fixture.indexes();
  fixture.defer();
  fixture.message("A", 1, "old");
  fixture.message("A", 2, "new");
  const deferred = fixture.state.get(STATE_KEYS.deferredIndexes);
  throws(() =>
    fixture.build(() => {
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(fixture.names(), [
    "messages_conversation",
    "messages_deleted",
    "messages_not_in_source",
    "messages_sender_deleted",
    "messages_undecodable",
  ]);
  equal(fixture.state.get(STATE_KEYS.deferredIndexes), deferred);
  equal(fixture.state.get(STATE_KEYS.importPhase), "rows");
  equal(fixture.rows("SELECT 1 FROM messages").length, 2);
  fixture.build(() => {});
  deepEqual(fixture.indexes(), before);
  equal(fixture.rows("SELECT 1 FROM messages").length, 1);
});

Deno.test("deferIndexes() leaves the indexes as they are when its transaction is rolled back", () => {
  using fixture = new Fixture();
  const before = fixture.indexes();
  throws(() =>
    fixture.db.transaction(() => {
      deferIndexes(fixture.db, fixture.state);
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(fixture.indexes(), before);
  equal(fixture.state.get(STATE_KEYS.deferredIndexes), null);
});
