import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import type { WireEvent } from "../../../src/model/feed.ts";
import { testSeed } from "../../support/seed.ts";
import { People } from "./support/people.ts";

function heard(
  events: readonly WireEvent[],
): { event: string; data: Record<string, unknown>; topics: string[] }[] {
  return events.map((event) => JSON.parse(event.json));
}

Deno.test("merge() re-points messages, tapbacks, participants, identifiers and the 1:1 chat's name, and says so once", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  const other = people.contact("+15550100002", "Bob");
  const direct = people.chat(mail);
  const group = people.chat(jane, mail, other);
  people.message(direct, mail);
  const target = people.message(group, other);
  people.message(group, mail);
  people.tapback(group, mail, target);
  const events = heard(people.merge(mail, jane));

  equal(people.root(mail), jane);
  deepEqual(people.rows("SELECT count(*) AS n FROM messages WHERE sender_id = " + jane), [{ n: 2 }]);
  deepEqual(people.rows(`SELECT chat_id, contact_id FROM chat_participants ORDER BY 1, 2`), [
    { chat_id: direct, contact_id: jane },
    { chat_id: group, contact_id: jane },
    { chat_id: group, contact_id: other },
  ]);
  equal(people.rows(`SELECT chat_name FROM chats WHERE id = ${direct}`)[0]?.["chat_name"], "Jane");
  deepEqual(events.map(({ event }) => event), ["contact.merged", "chat.updated"]);
  deepEqual(events[0]?.data, {
    from_id: mail,
    into_id: jane,
    from_name: "jane@example.com",
    into_name: "Jane",
    merge_id: people.lastMerge,
    reason: "one_card",
    messages: 2,
    reactions: 1,
    participants: 2,
  });
  deepEqual(events[0]?.topics, [
    "contacts",
    `contact:${mail}`,
    `contact:${jane}`,
    `chat:${direct}`,
    `chat:${group}`,
  ]);
});

Deno.test("merge() leaves no row that refers to the contact that is gone, in a table that nobody knew of either", () => {
  using people = new People();
  people.db.exec(`
    CREATE TABLE "gifts ""of"" people" (id INTEGER PRIMARY KEY, who INTEGER REFERENCES contacts (id), what TEXT);
    CREATE TABLE tags (tag TEXT, contact_id INTEGER NOT NULL REFERENCES contacts (id), PRIMARY KEY (tag, contact_id)) WITHOUT ROWID;
  `);
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  people.db.exec(`
    INSERT INTO "gifts ""of"" people" (who, what) VALUES (${mail}, 'book'), (${jane}, 'pen');
    INSERT INTO tags VALUES ('friend', ${mail}), ('friend', ${jane}), ('work', ${mail});
  `);
  const before = people.content();
  people.merge(mail, jane);
  const references = people.rows(
    `SELECT t.name AS "table", f."from" AS "column" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
      WHERE t.schema = 'main' AND f."table" = 'contacts' AND t.name NOT IN ('contacts', 'contact_merges')`,
  );
  ok(references.length >= 10);
  for (const { table, column } of references) {
    const left = people.rows(
      `SELECT count(*) AS n FROM "${String(table).replaceAll('"', '""')}" WHERE "${column}" = ${mail}`,
    );
    deepEqual(left, [{ n: 0 }], `${table}.${column}`);
  }
  deepEqual(people.rows("SELECT tag, contact_id FROM tags ORDER BY tag"), [
    { tag: "friend", contact_id: jane },
    { tag: "work", contact_id: jane },
  ]);
  people.writer.undo(people.lastMerge, "user", "user", true);
  deepEqual(people.content(), before);
});

Deno.test("merge() ends the older of two tapbacks that one person gave from two addresses, and undo() lets both stand", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  const group = people.chat(jane, mail);
  const target = people.message(group, jane);
  people.tapback(group, jane, target, "like");
  people.tapback(group, mail, target, "love");
  const standing = () =>
    people.rows("SELECT reaction_type FROM reactions WHERE removed_at IS NULL ORDER BY id");
  const merged = heard(people.merge(mail, jane));
  deepEqual(standing(), [{ reaction_type: "love" }]);
  ok(merged.some(({ event }) => event === "reaction.removed"));
  const undone = heard(people.writer.undo(people.lastMerge, "user", "user", true));
  deepEqual(standing(), [{ reaction_type: "like" }, { reaction_type: "love" }]);
  ok(undone.some(({ event }) => event === "reaction.added"));
});

Deno.test("undo() brings back what was before, and sends what came since where its identifier says", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  const group = people.chat(jane, mail);
  people.message(group, mail);
  const before = people.content();
  people.merge(mail, jane);
  const late = people.message(group, mail);
  const events = heard(people.writer.undo(people.lastMerge, "user", "user", true));
  deepEqual(people.rows(`SELECT sender_id FROM messages WHERE guid = '${late}'`), [{ sender_id: mail }]);
  people.db.exec(`DELETE FROM messages WHERE guid = '${late}'`);
  people.db.exec("UPDATE contact_identifiers SET last_used = 1 WHERE last_used IS NOT NULL");
  deepEqual(people.content(), before);
  deepEqual(events.map(({ event }) => event), ["contact.unmerged"]);
  const { messages, reactions, participants } = events[0]?.data ?? {};
  deepEqual([messages, reactions, participants], [2, 0, 1]);
  throws(() => people.writer.undo(people.lastMerge, "user", "user", true), { code: "already_undone" });
  throws(() => people.writer.undo(99, "user", "user", true), { code: "not_found" });
});

Deno.test("merge() and undo() are told in the chats where something happened to the contact alone", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  const [did, was] = [people.chat(jane), people.chat(jane)];
  const happened = people.db.prepare(
    `INSERT INTO chat_events (guid, chat_id, actor_id, actor_identifier_id, member_id, member_identifier_id, kind)
     VALUES (:guid, :chat, :actor, :actor_identifier, :member, :member_identifier, 'member_removed')`,
  );
  const identifier = people.identifier(mail);
  const nobody = { actor: null, actor_identifier: null, member: null, member_identifier: null };
  happened.run({ ...nobody, guid: "A", chat: did, actor: mail, actor_identifier: identifier });
  happened.run({ ...nobody, guid: "B", chat: was, member: mail, member_identifier: identifier });
  const topics = ["contacts", `contact:${mail}`, `contact:${jane}`, `chat:${did}`, `chat:${was}`];
  deepEqual(heard(people.merge(mail, jane))[0]?.topics, topics);
  deepEqual(heard(people.writer.undo(people.lastMerge, "user", "user", true))[0]?.topics, topics);
});

Deno.test("undo() does not leave the card's name with the contact that it splits off", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com", "Jane");
  people.chat(mail);
  people.merge(mail, jane);
  people.writer.undo(people.lastMerge, "user", "user", true);
  equal(people.name(mail), "jane@example.com");
  equal(people.name(jane), "Jane");
  deepEqual(people.rows("SELECT chat_name FROM chats"), [{ chat_name: "jane@example.com" }]);
});

Deno.test("merge() keeps the person's own name of either, and undo() gives it back to whom it was given", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  people.writer.rename(mail, "Mum", true);
  people.merge(mail, jane);
  equal(people.name(jane), "Mum");
  people.writer.undo(people.lastMerge, "user", "user", true);
  equal(people.name(jane), "Jane");
  equal(people.name(mail), "Mum");
});

Deno.test("rename() goes to the contact that a merged one is part of, and into the name of the 1:1 chat", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const mail = people.contact("jane@example.com");
  people.chat(mail);
  people.merge(mail, jane);
  const { contactId, events } = people.writer.rename(mail, "Mum", true);
  equal(contactId, jane);
  deepEqual(
    heard(events).map(({ event, data }) => [event, data["name"] ?? null, data["previous_name"] ?? null]),
    [
      ["contact.updated", "Mum", "Jane"],
      ["chat.updated", null, null],
    ],
  );
  deepEqual(people.rows("SELECT chat_name FROM chats"), [{ chat_name: "Mum" }]);
  throws(() => people.writer.rename(99, "x", true), { code: "not_found" });
});

Deno.test("any order of merges, undone in any order, ends where it began", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 8 }),
      fc.infiniteStream(fc.nat(7)),
      (pairs, picks) => {
        using people = new People();
        const all = [1, 2, 3, 4, 5].map((n) =>
          people.contact(`+1555010000${n}`, n % 2 === 0 ? `Person ${n}` : undefined)
        );
        const chats = [
          people.chat(...all.slice(0, 3)),
          people.chat(...all),
          ...all.map((one) => people.chat(one)),
        ];
        for (const one of all) {
          const target = people.message(chats[1] ?? 0, one);
          people.tapback(chats[1] ?? 0, all[0] ?? 0, target);
          people.tapback(chats[1] ?? 0, one, target, "love");
        }
        // What stands before a merge is what settling says: tapbacks of one sender on one message end each other.
        people.db.exec(
          "DELETE FROM reactions WHERE id IN (SELECT min(id) FROM reactions GROUP BY original_message_guid, sender_id HAVING count(*) > 1)",
        );
        const before = people.content();
        const merges: number[] = [];
        for (const [a, b] of pairs) {
          const from = people.root(all[a] ?? 0);
          const into = people.root(all[b] ?? 0);
          if (from === into) continue;
          people.merge(from, into);
          merges.push(people.lastMerge);
        }
        for (const pick of picks) {
          if (merges.length === 0) break;
          const [merge = 0] = merges.splice(pick % merges.length, 1);
          people.writer.undo(merge, "cards", "test", true);
        }
        deepEqual(people.content(), before);
      },
    ),
    { seed: testSeed(), numRuns: Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 10) },
  );
});
