import assert from "node:assert/strict";
import { RELEASES } from "../../src/simulator/chat_database.ts";
import { populate, populateInSteps } from "../../src/simulator/populate.ts";
import { dumpRows } from "./support/dump.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

for (const release of RELEASES) {
  Deno.test(`populate() writes the same rows when the seed is the same, on ${release}`, () => {
    const dump = (seed: number) => {
      using file = temporaryChatDatabase({ release });
      populate(file.db, { messages: 500, chats: 20, seed });
      return dumpRows(file.db);
    };
    const first = dump(5);
    assert.deepEqual(dump(5), first);
    assert.notDeepEqual(dump(6), first);
  });
}

Deno.test("populate() writes the wanted mixture and puts indexes and triggers back", () => {
  using file = temporaryChatDatabase();
  const schema = () =>
    file.db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all()
      .filter((each) => each["name"] !== "sqlite_sequence");
  const before = schema();
  const result = populate(file.db, { messages: 20_000, chats: 60, seed: 3 });
  assert.deepEqual(schema(), before);
  assert.equal(result.messages, 20_000);
  assert.equal(result.chats, 60);
  const shares = file.db.prepare(
    `SELECT count(*) AS n, avg(attributedBody IS NOT NULL) AS body, avg(is_from_me) AS mine,
            avg(associated_message_type > 0) AS tapbacks, avg(date < 1000000000000) AS seconds,
            avg(thread_originator_guid IS NOT NULL) AS replies, avg(cache_has_attachments) AS attachments,
            count(DISTINCT service) AS services, sum(item_type > 0) AS happenings,
            (SELECT count(*) FROM chat_message_join) AS joined FROM message`,
  ).get() ?? {};
  const near = (name: string, wanted: number) =>
    assert.ok(Math.abs(Number(shares[name]) - wanted) < 0.25 * wanted, `${name}: ${shares[name]}`);
  assert.equal(shares["n"], 20_000);
  near("body", 0.78);
  near("mine", 0.45);
  near("tapbacks", 0.1);
  near("seconds", 0.03);
  near("replies", 0.055);
  near("attachments", 0.045);
  assert.equal(shares["services"], 2);
  assert.equal(shares["happenings"], result.happenings);
  assert.equal(shares["joined"], 20_000 - result.unjoined);
  assert.ok(result.removedTapbacks > 0 && result.unjoined > 0);
  assert.equal(file.db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  assert.deepEqual(file.db.prepare("PRAGMA foreign_key_check").all(), []);
  assert.throws(() => populate(file.db), { code: "not_empty" });
});

Deno.test("populateInSteps() writes exactly as many messages as were asked for when messages are counted", () => {
  using file = temporaryChatDatabase();
  const told = [...populateInSteps(file.db, { messages: 20_000, counted: "messages", chats: 60 })];
  assert.ok(told.length >= 3);
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
  const count = "SELECT count(*) AS n FROM message WHERE associated_message_type = 0 AND item_type = 0";
  assert.equal(file.db.prepare(count).get()?.["n"], 20_000);
});

Deno.test("populateInSteps() leaves a file that can be closed when nobody goes on", () => {
  using file = temporaryChatDatabase();
  for (const written of populateInSteps(file.db, { messages: 20_000 })) {
    assert.ok(written < 20_000);
    break;
  }
  assert.equal(file.db.inTransaction, false);
});
