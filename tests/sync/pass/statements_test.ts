/** A live pass runs what it needs and no more, and what it leaves out can't have had anything to do. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ChangedQueue, MOST_ROWID } from "../../../src/sync/pass/changed_rows.ts";
import { reachOfRows } from "../../../src/sync/pass/joins.ts";
import tempTables from "../../../src/sync/pass/sql/temp_tables.sql" with { type: "text" };
import { CountedConnection } from "../../support/counted_connection.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const EVE = "eve@example.com";
const CHAT = `iMessage;-;${JANE}`;

/** In step, with so many messages, after two passes as a commit starts them. */
function inStep(messages: number, through?: (db: CountedConnection) => void): SyncFixture {
  const fixture = new SyncFixture({
    through: (db) => {
      const counted = new CountedConnection(db);
      through?.(counted);
      return counted;
    },
  });
  fixture.app.createChat({ address: JANE });
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < messages; i++) fixture.app.message({ chat: CHAT, from: JANE, text: `filler ${i}` });
  });
  fixture.sync();
  fixture.reconcile();
  for (const text of ["one", "two"]) {
    fixture.app.message({ chat: CHAT, from: JANE, text });
    deepEqual(names(fixture.committed()), ["message.created"]);
  }
  return fixture;
}

/** Statements of the pass that one message brings about. */
function statementsOfOne(messages: number): readonly string[] {
  const connections: CountedConnection[] = [];
  using fixture = inStep(messages, (db) => connections.push(db));
  fixture.app.message({ chat: CHAT, from: JANE, text: "counted" });
  connections[0]?.takeRan();
  const step = fixture.step(5_000, { reason: "commit", thorough: false });
  const ran = connections[0]?.takeRan() ?? [];
  deepEqual(names(step.events), ["message.created"]);
  return ran;
}

Deno.test("step() runs at most 40 statements for one new message, the same with few and with many messages", () => {
  const few = statementsOfOne(20);
  ok(few.length > 20, "the pass was counted");
  ok(few.length <= 40, `${few.length} statements:\n${few.map((sql) => sql.slice(0, 80)).join("\n")}`);
  deepEqual(statementsOfOne(3_000), few);
});

Deno.test("step() writes its state in one statement", () => {
  const writes = statementsOfOne(20).filter((sql) => /(?:INTO|FROM) main\.live_sync_state/.test(sql));
  equal(writes.filter((sql) => sql.startsWith("INSERT")).length, 1);
  equal(writes.filter((sql) => sql.startsWith("SELECT json_group_object")).length, 1);
});

/** How often SQLite asks, which it does when it prepares, while the statement runs a second time. */
function preparedAgain(sql: string): number {
  const db = new DatabaseSync(":memory:");
  let asked = 0;
  Reflect.apply(Reflect.get(db, "setAuthorizer"), db, [() => {
    asked++;
    return 0;
  }]);
  const statement = db.prepare(sql);
  statement.run({ limit: 1n });
  const before = asked;
  statement.run({ limit: 2n });
  db.close();
  return asked - before;
}

Deno.test("no statement of ours is prepared anew at each run, as SQLite does where a bound value alone is the LIMIT", () => {
  const select = "SELECT name FROM sqlite_schema ORDER BY rowid LIMIT";
  ok(preparedAgain(`${select} :limit`) > 0, "SQLite does no more what this is about");
  equal(preparedAgain(`${select} :limit + 0`), 0);
  const files = textsUnder(new URL("../../../src/", import.meta.url));
  ok(files.length > 100);
  const bare = files.filter(({ text }) => /\bLIMIT :\w+\b(?! \+ 0)/.test(text));
  deepEqual(bare.map(({ path }) => path), []);
});

function textsUnder(folder: URL): { path: string; text: string }[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    if (entry.isDirectory) return textsUnder(new URL(`${entry.name}/`, folder));
    if (!/\.(?:sql|ts)$/.test(entry.name)) return [];
    const url = new URL(entry.name, folder);
    return [{ path: url.pathname, text: Deno.readTextFileSync(url) }];
  });
}

Deno.test("deleting from work_table empties every work table", () => {
  const tables = [...tempTables.matchAll(/^CREATE TEMP TABLE (\w+)/gm)].map(([, name]) => name);
  const emptied = [...tempTables.matchAll(/^ {2}DELETE FROM (\w+)(?: WHERE true)?;$/gm)].map(([, name]) =>
    name
  );
  ok(tables.length >= 14);
  deepEqual(emptied.toSorted(), tables.toSorted());
});

Deno.test("step() tells a tapback on an old message, and its end, by the WAL alone", () => {
  using fixture = inStep(200);
  const [old] = fixture.column("SELECT guid FROM messages ORDER BY id LIMIT 1");
  const { guid } = fixture.app.tapback({ target: String(old), from: JANE, kind: "love" });
  deepEqual(names(fixture.committed()), ["reaction.added"]);
  fixture.app.db.prepare("DELETE FROM message WHERE guid = :guid").run({ guid });
  deepEqual(names(fixture.committed()), ["reaction.removed"]);
});

Deno.test("step() lets a tapback stand again when the row that took it back is gone, with no tapback among what came", () => {
  using fixture = inStep(200);
  const [old, other] = fixture.column("SELECT guid FROM messages ORDER BY id LIMIT 2").map(String);
  fixture.app.tapback({ target: old ?? "", from: JANE, kind: "love" });
  deepEqual(names(fixture.committed()), ["reaction.added"]);
  // A removal whose tapback stays, as after a sync with iCloud.
  fixture.app.inOneCommit(() => {
    const { guid } = fixture.app.tapback({ target: other ?? "", from: JANE, kind: "love" });
    fixture.app.db.prepare(
      "UPDATE message SET associated_message_type = 3000, associated_message_guid = 'p:0/' || :old WHERE guid = :guid",
    ).run({ old: old ?? "", guid });
  });
  deepEqual(names(fixture.committed()), ["reaction.removed"]);
  // Else the removal would be looked at again with the last transaction.
  for (const text of ["three", "four"]) fixture.app.message({ chat: CHAT, from: JANE, text });
  fixture.committed();
  fixture.app.db.prepare("DELETE FROM message WHERE associated_message_type = 3000").run();
  deepEqual(names(fixture.committed()), ["reaction.added"]);
});

Deno.test("step() brings in a tapback that waited when its message comes by a commit", () => {
  using fixture = inStep(20);
  fixture.app.tapback({ target: "LATE", from: JANE, kind: "like", chat: CHAT });
  deepEqual(names(fixture.committed()), []);
  equal(fixture.column("SELECT count(*) FROM pending_rows WHERE kind = 'reaction'")[0], 1);
  fixture.app.message({ guid: "LATE", chat: CHAT, from: JANE, text: "late" });
  deepEqual(names(fixture.committed()), ["message.created", "reaction.added"]);
  equal(fixture.column("SELECT count(*) FROM pending_rows")[0], 0);
});

Deno.test("step() lets what waited go when it is deleted, and leaves what waits beside it", () => {
  using fixture = inStep(20);
  const waiting = ["A", "B", "C"].map((name) =>
    fixture.app.tapback({ target: name, from: JANE, kind: "like", chat: CHAT }).guid
  );
  fixture.committed();
  equal(fixture.column("SELECT count(*) FROM pending_rows")[0], 3);
  fixture.app.db.prepare("DELETE FROM message WHERE guid = :guid").run({ guid: waiting[1] ?? "" });
  deepEqual(names(fixture.committed()), []);
  deepEqual(fixture.column("SELECT waits_for FROM pending_rows ORDER BY source_rowid"), ["A", "C"]);
});

Deno.test("step() makes contact and chat of somebody new by a commit, where row ids of messages are far above theirs", () => {
  using fixture = inStep(3_000);
  fixture.app.createChat({ address: EVE });
  fixture.app.message({ chat: `iMessage;-;${EVE}`, from: EVE, text: "hello" });
  deepEqual(names(fixture.committed()), ["contact.created", "chat.created", "message.created"]);
});

Deno.test("step() tells who came into an old group by a commit, where row ids of messages are far above theirs", () => {
  using fixture = inStep(3_000);
  fixture.app.createGroup({ members: [JANE], name: "Climbing", identifier: "chat900" });
  deepEqual(names(fixture.committed()), ["chat.created"]);
  fixture.app.createChat({ address: OMAR });
  fixture.committed();
  fixture.app.db.prepare(
    `INSERT INTO chat_handle_join (chat_id, handle_id)
     SELECT c.ROWID, h.ROWID FROM chat c, handle h WHERE c.chat_identifier = 'chat900' AND h.id = :id`,
  ).run({ id: OMAR });
  deepEqual(names(fixture.committed()), ["chat.participants"]);
});

Deno.test("step() tells an attachment, an edit and a deletion that came in one commit with a message", () => {
  using fixture = inStep(200);
  const [edited, deleted] = fixture.column("SELECT guid FROM messages ORDER BY id LIMIT 2").map(String);
  fixture.app.inOneCommit(() => {
    fixture.app.message({
      chat: CHAT,
      from: JANE,
      text: "with",
      attachments: [{ name: "cat.heic", guid: "CAT" }],
    });
    fixture.app.edit({ guid: edited ?? "", text: "edited", dateMs: NOON_MS + 5 });
    fixture.app.db.prepare("DELETE FROM message WHERE guid = :guid").run({ guid: deleted ?? "" });
  });
  deepEqual(names(fixture.committed()).toSorted(), [
    "attachment.created",
    "message.created",
    "message.deleted",
    "message.updated",
  ]);
});

Deno.test("reachOfRows() leaves out no row id by which a pass looks at a row", () => {
  const names = { chats: 9_000, recoverable: 3, attachments: 5, names: "[]" };
  const watermarks = { messages: 8_000, handles: 40 };
  const known = reachOfRows(watermarks, { now: names, since: names, lastMember: 60 });
  deepEqual(known, { wide: 8_000, middle: MOST_ROWID, any: 60 });
  equal(reachOfRows({ ...watermarks, handles: 70 }, { now: names, since: names, lastMember: 60 }).any, 70);
  // Joins of messages are looked at by their row ids then.
  equal(reachOfRows(watermarks, { now: names, since: null, lastMember: 60 }).any, MOST_ROWID);
});

Deno.test("a queue of changes gives ranges that overlap as one, and those apart as they are", () => {
  const queue = new ChangedQueue();
  const none = { rowids: [], ranges: [] };
  const range = (first: number, last: number) => ({ first, last });
  const changes = (ranges: { first: number; last: number }[]) => ({
    rowids: [],
    ranges,
    middle: none,
    wide: none,
    emptied: [],
    lookBack: false,
  });
  queue.add(changes([range(50, 60), range(1, 4)]));
  queue.add(changes([range(55, 62), range(1, 4), range(6, 8)]));
  const slice = queue.first(10);
  deepEqual(slice.rows.any.ranges, [range(1, 4), range(6, 8), range(50, 62)]);
  queue.drop(slice);
  ok(queue.empty);
});
