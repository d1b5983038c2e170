/**
 * Whatever happens to messages, in whatever order and while the walk is anywhere, conversations are those that one look
 * at everything gives.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { integer, integerOrNull } from "../../../src/sqlite/row.ts";
import { type Connection, openDatabase } from "../../../src/sqlite/sqlite.ts";
import { migrate, MIGRATIONS } from "../../../src/store/migrate.ts";
import { STATE_KEYS, StateStore } from "../../../src/store/state.ts";
import { Conversations } from "../../../src/sync/conversations/conversations.ts";
import { testSeed } from "../../support/seed.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { SyncFixture } from "../../support/sync_fixture.ts";
import { People } from "../contacts/support/people.ts";
import { judgeConversations } from "./support/conversation_model.ts";

const MINUTE = 60_000;
const GAP = 10;

/** Our database alone: messages are written as a pass writes them, by upserts in one transaction. */
class Subject implements Disposable {
  readonly db: Connection = openDatabase(":memory:");
  #conversations: Conversations | null = null;
  #gap = GAP;
  #n = 0;

  constructor() {
    this.db.exec("PRAGMA foreign_keys = ON");
    migrate(this.db, { migrations: MIGRATIONS, probe: () => {} });
    this.db.exec(`
      INSERT INTO chats (id, chat_identifier, is_group) VALUES (1, 'a', 1), (2, 'b', 1), (5, 'c', 1);
      INSERT INTO contacts (id, name, name_source, data_source, last_updated)
      VALUES (2, 'Jane', 'identifier', 'messages', 0), (3, 'Joe', 'identifier', 'messages', 0);
      INSERT INTO contact_identifiers (id, contact_id, identifier, type, raw)
      VALUES (12, 2, 'jane', 'other', 'jane'), (13, 3, 'joe', 'other', 'joe')`);
    new StateStore(this.db).set(STATE_KEYS.importPhase, "done");
  }
  get gap(): number {
    return this.#gap;
  }
  get conversations(): Conversations {
    if (this.#conversations !== null) return this.#conversations;
    const made = new Conversations(this.db, new StateStore(this.db), this.#gap);
    made.watch();
    this.#conversations = made;
    return made;
  }

  /** As a new start of the program does. */
  restart(gap: number): void {
    this.#gap = gap;
    if (this.#conversations === null) return;
    this.db.exec(
      `DROP TRIGGER temp.conversation_message_insert; DROP TRIGGER temp.conversation_message_update;
      DROP TABLE temp.conversation_touch; DROP TABLE temp.conversation_range; DROP TABLE temp.conversation_member;
      DROP TABLE temp.conversation_group`,
    );
    this.db.finalizeStatements();
    this.#conversations = null;
  }

  pass(work: () => void, fails = false): void {
    const { conversations } = this;
    try {
      this.db.transaction(() => {
        work();
        conversations.follow();
        if (fails) throw new Error("cut");
      });
    } catch (error) {
      if (!fails) throw error;
    }
  }
  insert(chat: number, timestamp: number | null, sender = 1, deleted = false): void {
    this.db.prepare(`
      INSERT INTO messages (guid, chat_id, sender_id, sender_identifier_id, timestamp, is_from_me, message_type, deleted_at)
      VALUES (:guid, :chat, :sender, nullif(:identifier, 11), :timestamp, :me, 'text', :deleted)`).run({
      guid: `M-${this.#n++}`,
      chat,
      sender,
      identifier: sender + 10,
      timestamp,
      me: sender === 1 ? 1 : 0,
      deleted: deleted ? 1 : null,
    });
  }
  set(id: number, columns: string): void {
    this.db.exec(`UPDATE messages SET ${columns} WHERE id = ${Math.trunc(id)}`);
  }
  walk(rows: number): boolean {
    return !this.db.transaction(() => this.conversations.walk(rows)).done;
  }
  walkAll(rows = 1_000): void {
    while (this.walk(rows));
  }
  get walked(): boolean {
    const state = new StateStore(this.db).get(STATE_KEYS.conversations);
    if (state === null) return false;
    const { phase, gapMs } = JSON.parse(state);
    return phase === "done" && gapMs === this.#gap;
  }
  ids(): number[] {
    return this.db.prepare("SELECT id FROM messages ORDER BY id").all().map((row) => integer(row, "id"));
  }
  conversationOf(id: number): number | null {
    const row = this.db.prepare("SELECT conversation_id FROM messages WHERE id = :id").get({ id }) ?? {};
    return integerOrNull(row, "conversation_id");
  }
  judge(): void {
    judgeConversations(this.db, this.#gap);
    deepEqual(this.db.prepare("PRAGMA foreign_key_check").all(), []);
  }
  [Symbol.dispose](): void {
    this.db.close();
  }
}

const KINDS = [
  "new",
  "new",
  "news",
  "old",
  "delete",
  "delete",
  "restore",
  "move",
  "date",
  "nodate",
  "sender",
  "many",
  "walk",
  "walk",
  "gap",
  "restart",
  "all",
] as const;
interface Change {
  readonly kind: (typeof KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Dates on a small grid: ties, and neighbours just within and just without a gap, are common. */
function change(subject: Subject, { kind, a, b, c }: Change): void {
  const chat = [1, 2, 5][a % 3] ?? 1;
  const sender = 1 + c % 3;
  const ids = subject.ids();
  const id = ids[b % Math.max(1, ids.length)];
  const newest = integer(
    subject.db.prepare("SELECT coalesce(max(timestamp), 0) AS t FROM messages WHERE chat_id = :chat").get({
      chat,
    }) ?? {},
    "t",
  );
  if (kind === "new") return subject.insert(chat, newest + b % 14, sender);
  if (kind === "news") {
    for (let i = 0, at = newest; i < 3 + a % 30; i++) subject.insert(chat, at += (b + i * c) % 13, 1 + i % 3);
    return;
  }
  if (kind === "old") return subject.insert(chat, b % 150, sender, a % 7 === 0);
  if (id === undefined) return;
  if (kind === "delete") return subject.set(id, "deleted_at = 1");
  if (kind === "restore") return subject.set(id, "deleted_at = NULL");
  if (kind === "move") return subject.set(id, `chat_id = ${chat}`);
  if (kind === "date") return subject.set(id, `timestamp = ${c % 150}`);
  if (kind === "nodate") return subject.set(id, "timestamp = NULL");
  if (kind === "sender") {
    return subject.set(
      id,
      `sender_id = ${sender}, sender_identifier_id = nullif(${sender + 10}, 11), is_from_me = ${
        sender === 1
      }`,
    );
  }
  if (kind === "many") {
    for (const each of ids.filter((id) => id % 3 === a % 3)) {
      subject.set(each, `deleted_at = iif(deleted_at, NULL, 1)`);
    }
  }
}

const number = fc.nat({ max: 100_000 });
const changes = fc.array(
  fc.record<Change>({ kind: fc.constantFrom(...KINDS), a: number, b: number, c: number }),
  {
    minLength: 1,
    maxLength: 60,
    size: "max",
  },
);

Deno.test("conversations are those of one look at everything when anything happens to messages in any order", () => {
  fc.assert(
    fc.property(changes, fc.boolean(), (sequence, imported) => {
      using subject = new Subject();
      // What an import leaves: messages, and no conversation.
      if (imported) { for (let i = 0; i < 40; i++) subject.insert([1, 2, 5][i % 3] ?? 1, (i * 7) % 90); }
      let pending: Change[] = [];
      const commit = (fails: boolean) => {
        subject.pass(() => pending.forEach((one) => change(subject, one)), fails);
        pending = [];
        if (subject.walked) subject.judge();
      };
      for (const one of sequence) {
        if (one.kind === "walk") subject.walk(1 + one.a % 12);
        else if (one.kind === "all") subject.walkAll(1 + one.a % 100);
        else if (one.kind === "restart") subject.restart(subject.gap);
        else if (one.kind === "gap") subject.restart(one.a % 2 === 0 ? GAP : 3);
        else {
          pending.push(one);
          // Several changes in one pass, and now and then a pass that fails.
          if (one.c % 3 !== 0) commit(one.a % 11 === 0);
        }
      }
      commit(false);
      subject.walkAll(5);
      subject.judge();
    }),
    { seed: testSeed(), numRuns: Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 40), verbose: 0 },
  );
});

/** Messages of one chat at these times, walked. */
function talked(...times: readonly number[]): Subject {
  const subject = new Subject();
  for (const [i, at] of times.entries()) subject.insert(1, at, 1 + i % 3);
  subject.walkAll();
  return subject;
}
function ofEach(subject: Subject): (number | null)[] {
  return subject.ids().map((id) => subject.conversationOf(id));
}

Deno.test("follow() goes on with the last conversation when a message comes less than the gap after it", () => {
  using subject = talked(0);
  subject.pass(() => subject.insert(1, GAP - 1));
  subject.pass(() => subject.insert(1, 2 * GAP - 1));
  deepEqual(ofEach(subject), [1, 1, 2]);
});

Deno.test("follow() splits a conversation and leaves most messages where they are when its bridge is deleted", () => {
  using subject = talked(0, 9, 18, 19, 20);
  subject.pass(() => subject.set(2, "deleted_at = 1"));
  deepEqual(ofEach(subject), [2, null, 1, 1, 1]);
  subject.pass(() => subject.set(2, "deleted_at = NULL"));
  deepEqual(ofEach(subject), [1, 1, 1, 1, 1]);
  subject.judge();
});

Deno.test("follow() joins two conversations into the larger one when an old message comes between them", () => {
  using subject = talked(0, 18, 19);
  deepEqual(ofEach(subject), [1, 2, 2]);
  subject.pass(() => subject.insert(1, 9));
  deepEqual(ofEach(subject), [2, 2, 2, 2]);
  deepEqual(subject.db.prepare("SELECT id FROM conversations").all().length, 1);
});

Deno.test("follow() changes no message but the new one when that comes between others of one conversation", () => {
  using subject = talked(0, 5, 8);
  subject.db.exec(`CREATE TEMP TABLE written (id);
    CREATE TEMP TRIGGER writes AFTER UPDATE OF conversation_id ON main.messages BEGIN INSERT INTO written VALUES (NEW.id); END`);
  subject.pass(() => subject.insert(1, 6));
  deepEqual(subject.db.prepare("SELECT id FROM written").all().map((row) => row["id"]), [4]);
});

Deno.test("follow() does not read the conversation that a new message goes on with, however long it is", () => {
  using subject = talked(...Array.from({ length: 2_000 }, (_, i) => i));
  let at = 2_000;
  for (const news of [1, 300]) {
    subject.db.exec("DELETE FROM temp.conversation_member");
    subject.pass(() => {
      for (let i = 0; i < news; i++) subject.insert(1, at++);
    });
    equal(subject.db.prepare("SELECT seq FROM temp.conversation_member").all().length, news === 1 ? 0 : news);
  }
  equal(subject.conversationOf(2_301), 1);
  subject.judge();
});

Deno.test("follow() does not read a long conversation either when an old message comes within it", () => {
  using subject = talked(...Array.from({ length: 500 }, (_, i) => 2 * i));
  for (const news of [1, 20]) {
    subject.db.exec("DELETE FROM temp.conversation_member");
    subject.pass(() => {
      for (let i = 0; i < news; i++) subject.insert(1, 101 + 2 * i);
    });
    equal(subject.db.prepare("SELECT seq FROM temp.conversation_member").all().length, news === 1 ? 0 : news);
    subject.judge();
  }
});

Deno.test("walk() takes about as many rows as it may when a chat has many more", () => {
  using subject = new Subject();
  for (let i = 0; i < 1_000; i++) subject.insert(2, i, 2);
  let slices = 0;
  for (let more = true; more; slices++) {
    const { rows, done } = subject.db.transaction(() => subject.conversations.walk(50));
    ok(rows <= 50);
    more = !done;
  }
  ok(slices >= 20);
  subject.judge();
});

Deno.test("a merge takes the initiator along and its undo gives it back when a conversation names the contact", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  const chat = people.chat(jane, mail);
  people.message(chat, mail);
  people.db.exec("UPDATE messages SET timestamp = 1");
  new StateStore(people.db).set(STATE_KEYS.importPhase, "done");
  const conversations = new Conversations(people.db, new StateStore(people.db));
  while (!people.db.transaction(() => conversations.walk(10)).done);
  const initiators = () =>
    people.rows("SELECT initiator_id FROM conversations").map((row) => row["initiator_id"]);
  deepEqual(initiators(), [mail]);
  people.merge(mail, jane);
  deepEqual(initiators(), [jane]);
  people.writer.undo(people.lastMerge, "user", "user", true);
  deepEqual(initiators(), [mail]);
});

/** The simulated Messages app, conversations walked after the import. */
function walkedFixture(options: ConstructorParameters<typeof SyncFixture>[0] = {}): SyncFixture {
  const fixture = new SyncFixture(options);
  fixture.sync();
  walkAll(fixture);
  return fixture;
}
function walkAll(fixture: SyncFixture): void {
  while (!fixture.db.transaction(() => fixture.messages.conversations.walk(10)).done);
}

const ops = fc.array(
  fc.record({
    kind: fc.constantFrom(
      "new",
      "new",
      "new",
      "old",
      "join",
      "delete",
      "recover",
      "date",
      "flip",
      "sync",
      "restart",
    ),
    a: number,
    b: number,
  }),
  { minLength: 1, maxLength: 40, size: "max" },
);

Deno.test("message.created carries the message's conversation when Messages writes, deletes and corrects in any order", () => {
  fc.assert(
    fc.property(ops, fc.boolean(), (sequence, deferred) => {
      using fixture = walkedFixture({ deferIndexesAbove: deferred ? 0 : 1_000_000 });
      const chats = ["+15550100001", "jane@example.com"].map((address) =>
        fixture.app.createChat({ address }).guid
      );
      const guids: string[] = [];
      const late: string[] = [];
      const deleted: string[] = [];
      let now = NOON_MS;
      let heard = 0;
      const sync = () => {
        for (let more = true; more;) {
          const step = fixture.step();
          more = step.more;
          for (const { event, data } of step.events) {
            if (event !== "message.created") continue;
            heard++;
            const { id, conversation_id } = data["message"];
            deepEqual(fixture.column(`SELECT conversation_id FROM messages WHERE id = ${id}`), [
              conversation_id,
            ]);
          }
          judgeConversations(fixture.db, 90 * MINUTE);
        }
      };
      for (const { kind, a, b } of sequence) {
        const chat = chats[a % 2] ?? "";
        const from = b % 3 === 0 ? {} : { from: chat.split(";").at(-1) ?? "" };
        const guid = guids[b % Math.max(1, guids.length)];
        if (kind === "new") {
          guids.push(
            fixture.app.message({ chat, ...from, text: "x", dateMs: now += (b % 120) * MINUTE }).guid,
          );
        } else if (kind === "old") {
          guids.push(
            fixture.app.message({ chat, ...from, text: "x", dateMs: NOON_MS + (b % 600) * MINUTE }).guid,
          );
        } else if (kind === "join") {
          const next = late.pop();
          if (next !== undefined) fixture.app.join({ guid: next });
          late.push(
            fixture.app.message({ chat, ...from, text: "x", dateMs: NOON_MS + b * 100, joinLater: true })
              .guid,
          );
        } else if (kind === "sync") sync();
        else if (kind === "restart") fixture.restart();
        else if (kind === "recover") {
          const back = deleted.pop();
          if (back !== undefined) fixture.app.recover({ guid: back });
        } else if (guid === undefined || deleted.includes(guid)) continue;
        else if (kind === "delete") {
          fixture.app.delete({ guid, dateMs: now });
          deleted.push(guid);
        } else if (kind === "flip") fixture.app.change({ guid, columns: { is_from_me: b % 2 } });
        else {
          const dateMs = NOON_MS + (a % 600) * MINUTE;
          fixture.app.change({ guid, columns: { date: BigInt(dateMs - 978_307_200_000) * 1_000_000n } });
        }
      }
      sync();
      equal(heard, integer(fixture.rows("SELECT count(*) AS n FROM messages")[0] ?? {}, "n"));
    }),
    { seed: testSeed(), numRuns: Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 8), verbose: 0 },
  );
});

Deno.test("message.created has no conversation until the walk comes there when an import has just ended", () => {
  using fixture = new SyncFixture();
  const chat = fixture.app.createChat({ address: "+15550100001" }).guid;
  fixture.app.message({ chat, text: "before" });
  fixture.sync();
  fixture.app.message({ chat, text: "meanwhile" });
  const [created] = fixture.sync().events;
  equal(created?.event, "message.created");
  equal(created?.data["message"].conversation_id, null);
  walkAll(fixture);
  judgeConversations(fixture.db, 90 * MINUTE);
  fixture.app.message({ chat, text: "after" });
  equal(fixture.sync().events[0]?.data["message"].conversation_id, 1);
});
