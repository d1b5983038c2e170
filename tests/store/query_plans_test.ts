/** How SQLite goes about every query of `store/queries/`: along an index, sorting nothing that can grow. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { deferIndexes } from "../../src/store/deferred_indexes.ts";
import { StateStore } from "../../src/store/state.ts";
import { Store } from "./support/store.ts";
import { sectionsOf } from "../support/sql_sections.ts";

const FOLDER = new URL("../../src/store/queries/", import.meta.url);

/** Steps that walk over a whole table or sort, and why they may: no query has others, and each has just these. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // As many steps as there are runs of days, days, senders: of no table.
  "activity.sql days": ["SCAN json_each VIRTUAL TABLE INDEX 1:", "SCAN run", "SCAN busy", "SCAN busy"],
  "activity.sql senders": ["SCAN sender", "SCAN sender"],
  // At most a merge for each contact.
  "activity.sql merges": ["SCAN main.contact_merges"],
  // The people of one chat.
  "chats.sql chat": ["SCAN (subquery-7)", "SCAN t"],
  // Counting goes over the leaves of the smallest index, 0.4 ms for 45,000 rows (measured); messages are not counted.
  "status.sql": [
    "SCAN main.chats",
    "SCAN chats USING COVERING INDEX chats_last_message_date",
    "SCAN main.contacts USING INDEX contacts_name",
    "SCAN attachments USING COVERING INDEX attachments_source_rowid",
    "SCAN reactions USING COVERING INDEX reactions_sender",
    "SCAN pending_rows",
    "SCAN main.pending_rows",
  ],
};

function plan(store: Store, sql: string): string[] {
  return store.rows(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row["detail"]));
}

/** The steps of a plan that cost more the more rows there are. */
function costly(steps: readonly string[]): string[] {
  return steps.filter((step) =>
    /^SCAN (?!CONSTANT ROW)/.test(step) ||
    step.includes(" AUTOMATIC ") ||
    // min() and max() say so when they walk until they find one.
    /^SEARCH .* INDEX \w+$/.test(step) ||
    // Those sort what belongs to one row of the answer: the people of a chat, the reactions of a message.
    /^USE TEMP B-TREE (?!FOR json_group_array\()/.test(step)
  );
}

/** `chats.sql chatsUndated`; the file's name alone where it is one statement. */
function sqlOf(name: string): string {
  const sql = queries().get(name);
  if (sql === undefined) throw new Error(`no query ${name}`);
  return sql;
}

function queries(): ReadonlyMap<string, string> {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".sql"));
  return new Map(
    files.toSorted().flatMap((file): [string, string][] => {
      const script = Deno.readTextFileSync(new URL(file, FOLDER));
      const sections = [...sectionsOf(script)];
      return sections.length === 0
        ? [[file, script]]
        : sections.map(([name, sql]) => [`${file} ${name}`, sql]);
    }),
  );
}

Deno.test("every query of the API goes along an index and sorts nothing that grows", () => {
  using store = new Store();
  const names = [...queries().keys()];
  ok(names.length > 10);
  const found = names.map((name): [string, string[]] => [
    name,
    costly(plan(store, sqlOf(name))),
  ]);
  deepEqual(Object.fromEntries(found.filter(([, steps]) => steps.length > 0)), ALLOWED);
});

const LISTS: Readonly<Record<string, string>> = {
  "chats.sql chats": "SEARCH c USING INDEX chats_last_message_date (last_message_date<?)",
  "chats.sql chatsUndated": "SEARCH c USING INDEX chats_last_message_date (last_message_date=? AND rowid<?)",
  "messages.sql messages": "SEARCH m USING COVERING INDEX messages_chat (chat_id=? AND timestamp<?)",
  "messages.sql messagesUndated":
    "SEARCH m USING COVERING INDEX messages_chat (chat_id=? AND timestamp=? AND rowid<?)",
};

Deno.test("the lists of chats and messages read no row but those of the page when they look for it", () => {
  using store = new Store();
  for (const [name, only] of Object.entries(LISTS)) deepEqual(plan(store, sqlOf(name)), [only], name);
});

Deno.test("the days of a sender are counted along indexes that hold all that is asked for", () => {
  using store = new Store();
  const range = "(sender_id=? AND timestamp>? AND timestamp<?)";
  const searches = plan(store, sqlOf("activity.sql days")).filter((step) => step.startsWith("SEARCH"));
  deepEqual(searches, [
    ...Array(3).fill(`SEARCH m USING COVERING INDEX messages_sender ${range}`),
    `SEARCH m USING COVERING INDEX messages_sender_deleted ${range}`,
  ]);
});

Deno.test("what reads messages can't be run at all when a first import has taken the indexes away", () => {
  using store = new Store();
  store.db.transaction(() => deferIndexes(store.db, new StateStore(store.db)));
  for (
    const name of [
      "messages.sql messages",
      "messages.sql messagesUndated",
      "activity.sql days",
      "activity.sql senders",
    ]
  ) {
    throws(() => plan(store, sqlOf(name)), /no such index/, name);
  }
});

Deno.test("costly() finds a table that is walked over, and a sort, and leaves what belongs to one row", () => {
  using store = new Store();
  const of = (sql: string) => costly(plan(store, sql)).length;
  equal(of("SELECT * FROM messages WHERE content = 'x'"), 1);
  equal(of("SELECT * FROM messages m JOIN chats c ON c.is_group = m.is_from_me"), 2);
  equal(of("SELECT min(sender_id) FROM messages WHERE sender_id + 0 > 7"), 1);
  equal(of("SELECT min(sender_id) FROM messages WHERE sender_id > 7"), 0);
  equal(of("SELECT * FROM messages WHERE chat_id = 1 ORDER BY guid"), 1);
  equal(of("SELECT service_name, count(*) FROM messages WHERE chat_id = 1 GROUP BY 1"), 1);
  equal(of("SELECT DISTINCT service_name FROM messages WHERE chat_id = 1"), 1);
  equal(of("SELECT * FROM messages WHERE chat_id = 1 ORDER BY timestamp DESC LIMIT 5"), 0);
  equal(of("SELECT json_group_array(id ORDER BY id) FROM attachments WHERE message_id = 1"), 0);
});
