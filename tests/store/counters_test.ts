/** The triggers that keep a chat's counters, against counting anew. */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import type { SqlParams } from "../../src/sqlite/sqlite.ts";
import { testSeed } from "../support/seed.ts";
import { Store } from "./support/store.ts";

const chat = fc.integer({ min: 1, max: 3 });
const timestamp = fc.option(fc.integer({ min: 0, max: 12 }), { nil: null });
const deletedAt = fc.option(fc.constant(99), { nil: null });
/** Which of the messages that are there; taken modulo. */
const which = fc.nat(50);

interface Insert {
  readonly do: "insert";
  readonly chat: number;
  readonly timestamp: number | null;
  readonly deletedAt: number | null;
}
interface Update {
  readonly do: "update";
  readonly which: number;
  readonly column: string;
  readonly value: number | null;
}
interface Delete {
  readonly do: "delete";
  readonly which: number;
}
type Step = Insert | Update | Delete;

const insert: fc.Arbitrary<Step> = fc.record({
  do: fc.constant<"insert">("insert"),
  chat,
  timestamp,
  deletedAt,
});
const updateOf = (column: string, value: fc.Arbitrary<number | null>): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant<"update">("update"), which, column: fc.constant(column), value });
const update = fc.oneof(
  updateOf("chat_id", chat),
  updateOf("timestamp", timestamp),
  updateOf("deleted_at", deletedAt),
);
const remove: fc.Arbitrary<Step> = fc.record({ do: fc.constant<"delete">("delete"), which });
const steps = fc.array(
  fc.oneof({ weight: 4, arbitrary: insert }, { weight: 3, arbitrary: update }, {
    weight: 1,
    arbitrary: remove,
  }),
  { maxLength: 30 },
);

const COUNTERS = `SELECT id, total_messages, last_message_date, created_date FROM chats ORDER BY id`;
/** created_date is of the oldest message we know, a deleted one too. */
const RECOUNT = `
  SELECT c.id,
         count(m.id) FILTER (WHERE m.deleted_at IS NULL) AS total_messages,
         max(m.timestamp) FILTER (WHERE m.deleted_at IS NULL) AS last_message_date,
         min(m.timestamp) AS created_date
    FROM chats c LEFT JOIN messages m ON m.chat_id = c.id
   GROUP BY c.id ORDER BY c.id`;

class Fixture extends Store {
  constructor() {
    super();
    this.db.exec(
      "INSERT INTO chats (id, chat_identifier, is_group) VALUES (1, 'a', 0), (2, 'b', 0), (3, 'c', 1)",
    );
  }

  take(step: Step): void {
    const messages = this.rows("SELECT id FROM messages ORDER BY id");
    const run = (sql: string, params: SqlParams) => this.db.prepare(sql).run(params);
    if (step.do === "insert") {
      const { chat, timestamp, deletedAt } = step;
      run(
        `INSERT INTO messages (guid, chat_id, timestamp, deleted_at, is_from_me, message_type)
         VALUES (hex(randomblob(8)), :chat, :timestamp, :deletedAt, 0, 'text')`,
        { chat, timestamp, deletedAt },
      );
      return;
    }
    const id = messages[step.which % Math.max(1, messages.length)]?.["id"];
    if (id === undefined) return;
    if (step.do === "delete") run("DELETE FROM messages WHERE id = :id", { id });
    else run(`UPDATE messages SET ${step.column} = :value WHERE id = :id`, { id, value: step.value });
  }

  /** Whatever `work` does is undone, whether it throws or not. */
  undone(work: () => void): void {
    this.db.exec("SAVEPOINT work");
    try {
      work();
    } finally {
      this.db.exec("ROLLBACK TO work; RELEASE work");
    }
  }
}

Deno.test("a chat's counters are those of a recount when messages are inserted, changed and deleted", () => {
  using fixture = new Fixture();
  fc.assert(
    fc.property(steps, (all) =>
      fixture.undone(() => {
        for (const step of all) {
          fixture.take(step);
          deepEqual(fixture.rows(COUNTERS), fixture.rows(RECOUNT), JSON.stringify(step));
        }
      })),
    { seed: testSeed(), numRuns: 300 },
  );
});

Deno.test("a chat's counters are those of a recount when one statement changes many messages", () => {
  using fixture = new Fixture();
  for (let i = 0; i < 20; i++) {
    fixture.take({ do: "insert", chat: 1 + i % 3, timestamp: i % 5, deletedAt: i % 7 === 0 ? 99 : null });
  }
  for (
    const sql of [
      "UPDATE messages SET chat_id = 1 WHERE id % 2",
      "UPDATE messages SET deleted_at = CASE WHEN deleted_at IS NULL THEN 99 END",
      "UPDATE messages SET timestamp = 100 - timestamp, chat_id = 3 WHERE id > 4",
      "DELETE FROM messages WHERE id % 3 = 0",
    ]
  ) {
    fixture.db.exec(sql);
    deepEqual(fixture.rows(COUNTERS), fixture.rows(RECOUNT), sql);
  }
});

Deno.test("last_used of an identifier follows the newest message from it when messages come in any order", () => {
  using fixture = new Fixture();
  fixture.db.exec(
    "INSERT INTO contact_identifiers (id, contact_id, identifier, type, raw) VALUES (1, 1, 'jane', 'other', 'jane')",
  );
  for (const timestamp of ["NULL", "5", "9", "7"]) {
    fixture.db.exec(
      `INSERT INTO messages (guid, chat_id, sender_identifier_id, timestamp, is_from_me, message_type)
       VALUES (hex(randomblob(8)), 1, 1, ${timestamp}, 0, 'text')`,
    );
  }
  deepEqual(fixture.rows("SELECT last_used FROM contact_identifiers"), [{ last_used: 9 }]);
});
