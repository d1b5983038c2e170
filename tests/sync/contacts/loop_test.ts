/** When contacts are synced by themselves, how they end, and what they log. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { yieldToEventLoop } from "../../../src/platform/clock.ts";
import type { Log, LogFields } from "../../../src/platform/log.ts";
import { openDatabase, SqliteError } from "../../../src/sqlite/sqlite.ts";
import { until } from "../../support/until.ts";
import { CLOUD, ContactsFixture, HOME, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

interface Said {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** `said` may be emptied; `all` has every line. */
function recordingLog(): { readonly log: Log; readonly said: Said[]; readonly all: readonly Said[] } {
  const said: Said[] = [];
  const all: Said[] = [];
  const at = (level: string) => (message: string, fields: LogFields = {}) => {
    said.push({ level, message, fields });
    all.push({ level, message, fields });
  };
  return {
    said,
    all,
    log: { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") },
  };
}

/** Messages and contacts are in, and the contacts' loop runs; each of its syncs is in `said`. */
async function running(): Promise<
  { readonly fixture: ContactsFixture; readonly said: Said[]; syncs(): number }
> {
  const { log, said } = recordingLog();
  const fixture = new ContactsFixture({ log });
  fixture.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  fixture.from(JANE);
  fixture.from(OMAR);
  fixture.runContacts();
  await fixture.syncMessages();
  await until(() => fixture.resyncs === 2, "both first syncs");
  await settle();
  const syncs = () =>
    said.filter(({ message }) => /^Contacts (synced|have not changed)/.test(message)).length;
  return { fixture, said, syncs };
}

/** Lets the loop do what it was woken for. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await yieldToEventLoop();
}

Deno.test("contacts are synced every interval, without anybody asking", async () => {
  const { fixture, syncs } = await running();
  await using _ = fixture;
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Janet" });
  const before = syncs();
  fixture.clock.tick(59_000);
  await settle();
  equal(syncs(), before);
  for (let n = 1; n <= 3; n++) {
    fixture.clock.tick(n === 1 ? 1_000 : 60_000);
    await until(() => syncs() === before + n, "the interval's sync");
  }
  equal(fixture.names()[JANE], "Janet (addressbook)");
});

Deno.test("a message from somebody without a name is looked up at once, then at most once in the cooldown, and after it again", async () => {
  const { fixture, syncs } = await running();
  await using _ = fixture;
  // So that no interval comes in between.
  fixture.clock.stall(1_000_000);
  fixture.from(OMAR);
  const start = syncs();
  await fixture.syncMessages();
  await until(() => syncs() === start + 1, "the look-up");
  for (let n = 0; n < 3; n++) {
    fixture.clock.stall(19_000);
    fixture.from(OMAR);
    await fixture.syncMessages();
    await settle();
    equal(syncs(), start + 1);
  }
  fixture.card({ firstName: "Omar", phones: [OMAR] });
  fixture.clock.stall(4_000);
  fixture.from(OMAR);
  await fixture.syncMessages();
  await until(() => fixture.names()[OMAR] === "Omar (addressbook)", "his name, after the cooldown");
});

Deno.test("somebody new is looked up at once, and a crowd of strangers in one sync", async () => {
  const { fixture, syncs } = await running();
  await using _ = fixture;
  const start = syncs();
  // Exact matches have their name at once; this one's number is written without its country.
  fixture.card({ firstName: "Nat", phones: ["0 555 010 0042"] });
  for (let n = 10; n < 60; n++) fixture.from(`+15550100${n}0`);
  fixture.from("+15550100042");
  await fixture.syncMessages();
  await until(() => syncs() > start, "the look-up");
  await settle();
  ok(syncs() - start <= 2, `${syncs() - start} syncs for 51 strangers`);
});

Deno.test("who came in a backlog that is told as one resync is looked up at once, too", async () => {
  const { log, said } = recordingLog();
  await using fixture = new ContactsFixture({ log, limits: { bulkAbove: 20 } });
  fixture.from(JANE);
  await fixture.sync();
  fixture.runContacts();
  await settle();
  fixture.card({ firstName: "Jane", phones: [JANE], emails: [JANE_MAIL] });
  await fixture.syncContacts();
  for (let n = 0; n < 2_500; n++) fixture.from(JANE_MAIL);
  const before = said.length;
  await fixture.syncMessages();
  // The import's, and the backlog's: the first contact sync found nothing to change.
  equal(fixture.resyncs, 2);
  await until(() => fixture.people().length === 1, "the merge");
  ok(said.length > before);
});

Deno.test("a lock on our database in the middle of a contact sync is waited out, and nothing is lost", async () => {
  const { fixture, said } = await running();
  await using _ = fixture;
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Janet", emails: [JANE_MAIL] });
  {
    using other = openDatabase(fixture.database);
    other.exec("BEGIN IMMEDIATE");
    await rejects(fixture.syncContacts(), (error) => error instanceof SqliteError && error.isBusy);
    fixture.clock.tick(60_000);
    await settle();
    other.exec("ROLLBACK");
  }
  fixture.clock.tick(100);
  await until(() => fixture.names()[JANE] === "Janet (addressbook)", "the name");
  deepEqual(said.filter(({ level }) => level === "error"), []);
});

Deno.test("a failure of our database is logged as an error once, and again when it comes back", async () => {
  const { log, said } = recordingLog();
  await using fixture = new ContactsFixture({ log });
  fixture.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  fixture.from(JANE);
  await fixture.sync();
  fixture.runContacts();
  const errors = () => said.filter(({ level }) => level === "error").length;
  const broken = async (times: number, name: string) => {
    fixture.db.exec(
      "CREATE TEMP TRIGGER broken BEFORE UPDATE OF name ON main.contacts BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: name });
    for (let n = 0; n < times; n++) {
      fixture.clock.tick(60_000);
      await settle();
    }
    fixture.db.exec("DROP TRIGGER temp.broken");
    fixture.clock.tick(60_000);
    await until(() => fixture.names()[JANE] === `${name} (addressbook)`, "the name");
    fixture.clock.tick(60_000);
    await settle();
  };
  await settle();
  fixture.engine.contacts.begin();
  await settle();
  await broken(3, "Janet");
  equal(errors(), 1);
  await broken(2, "Joan");
  equal(errors(), 2);
});

Deno.test("stop() ends a contact sync at its next turn, and the next start goes on", async () => {
  await using fixture = new ContactsFixture();
  fixture.contacts.inOneCommit(ROOT_STORE, () => {
    for (let n = 0; n < 3_000; n++) fixture.card({ firstName: `P${n}`, emails: [`p${n}@example.com`] });
  });
  fixture.from("p2999@example.com");
  await fixture.syncMessages();
  const sync = fixture.syncContacts();
  const refused = rejects(sync, { code: "stopping" });
  await yieldToEventLoop();
  const before = performance.now();
  await fixture.stop();
  await refused;
  ok(performance.now() - before < 1_000);
  await fixture.restart();
  await fixture.sync();
  equal(fixture.names()["p2999@example.com"], "P2999 (addressbook)");
});

Deno.test("the log tells of contacts in counts, never names or numbers: syncs as INFO, oddities as WARNING, once", async () => {
  const { log, said, all } = recordingLog();
  await using fixture = new ContactsFixture({ log });
  fixture.contacts.addStore({ store: CLOUD });
  fixture.card({ uniqueId: "J", firstName: "Zebulon", nickname: "Zeb", phones: [JANE], emails: [JANE_MAIL] });
  fixture.card({ firstName: "Quillon", organization: "Vexillology" });
  for (const address of [JANE, JANE_MAIL, HOME]) fixture.from(address);
  await fixture.sync();
  deepEqual(
    said.filter(({ message }) => message.startsWith("Contacts")).map(({ level, fields }) => {
      const { duration_ms: _, ...counts } = fields;
      return [level, counts];
    }),
    [
      ["warning", { cards_without_identifier: 1, identifiers_unknown: 1 }],
      ["info", { cards_changed: 2, renamed: 1, merged: 1, split: 0 }],
    ],
  );
  said.length = 0;
  fixture.contacts.breakStore({ store: CLOUD, how: "damaged" });
  const levels = async () => {
    await fixture.syncContacts();
    return said.splice(0).map(({ level, message }) => `${level} ${message}`);
  };
  deepEqual(await levels(), ["warning Contacts are not complete"]);
  deepEqual(await levels(), []);
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Zebulah" });
  equal((await levels()).filter((line) => line.startsWith("info")).length, 1);
  deepEqual(await levels(), []);
  ok(all.length > 4);
  const lines = JSON.stringify(all);
  for (const secret of ["Zeb", "Quillon", "Vexil", JANE, JANE_MAIL, HOME]) {
    ok(!lines.includes(secret), secret);
  }
});

Deno.test("the count of names in a sync's summary and in what is told of it are the same", async () => {
  await using fixture = new ContactsFixture();
  fixture.card({ firstName: "Jane", phones: [JANE], emails: [JANE_MAIL] });
  fixture.from(JANE);
  fixture.from(JANE_MAIL);
  await fixture.syncMessages();
  const { renamed, merged } = await fixture.syncContacts();
  deepEqual([renamed, merged], [1, 1]);
  const told = fixture.told.filter(({ event }) => event === "sync.completed").at(-1);
  ok(told?.event === "sync.completed");
  deepEqual([told.data.contacts, told.data.merged], [1, 1]);
});
