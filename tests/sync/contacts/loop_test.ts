/** When contacts are synced by themselves, how they end, and what they log. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { yieldToEventLoop } from "../../../src/platform/clock.ts";
import type { Log, LogFields } from "../../../src/platform/log.ts";
import { openDatabase, SqliteError } from "../../../src/sqlite/sqlite.ts";
import { until } from "../../support/until.ts";
import { CLOUD, ContactsBench, HOME, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

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
async function running(): Promise<{ readonly bench: ContactsBench; readonly said: Said[]; syncs(): number }> {
  const { log, said } = recordingLog();
  const bench = new ContactsBench({ log });
  bench.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  bench.from(JANE);
  bench.from(OMAR);
  bench.runContacts();
  await bench.syncMessages();
  await until(() => bench.resyncs === 2, "both first syncs");
  await settle();
  const syncs = () =>
    said.filter(({ message }) => /^Contacts (synced|have not changed)/.test(message)).length;
  return { bench, said, syncs };
}

/** Lets the loop do what it was woken for. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await yieldToEventLoop();
}

Deno.test("contacts are synced every interval, without anybody asking", async () => {
  const { bench, syncs } = await running();
  await using _ = bench;
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Janet" });
  const before = syncs();
  bench.clock.tick(59_000);
  await settle();
  equal(syncs(), before);
  for (let n = 1; n <= 3; n++) {
    bench.clock.tick(n === 1 ? 1_000 : 60_000);
    await until(() => syncs() === before + n, "the interval's sync");
  }
  equal(bench.names()[JANE], "Janet (addressbook)");
});

Deno.test("a message from somebody without a name is looked up at once, then at most once in the cooldown, and after it again", async () => {
  const { bench, syncs } = await running();
  await using _ = bench;
  // So that no interval comes in between.
  bench.clock.stall(1_000_000);
  bench.from(OMAR);
  const start = syncs();
  await bench.syncMessages();
  await until(() => syncs() === start + 1, "the look-up");
  for (let n = 0; n < 3; n++) {
    bench.clock.stall(19_000);
    bench.from(OMAR);
    await bench.syncMessages();
    await settle();
    equal(syncs(), start + 1);
  }
  bench.card({ firstName: "Omar", phones: [OMAR] });
  bench.clock.stall(4_000);
  bench.from(OMAR);
  await bench.syncMessages();
  await until(() => bench.names()[OMAR] === "Omar (addressbook)", "his name, after the cooldown");
});

Deno.test("somebody new is looked up at once, and a crowd of strangers in one sync", async () => {
  const { bench, syncs } = await running();
  await using _ = bench;
  const start = syncs();
  // Exact matches have their name at once; this one's number is written without its country.
  bench.card({ firstName: "Nat", phones: ["0 555 010 0042"] });
  for (let n = 10; n < 60; n++) bench.from(`+15550100${n}0`);
  bench.from("+15550100042");
  await bench.syncMessages();
  await until(() => syncs() > start, "the look-up");
  await settle();
  ok(syncs() - start <= 2, `${syncs() - start} syncs for 51 strangers`);
});

Deno.test("who came in a backlog that is told as one resync is looked up at once, too", async () => {
  const { log, said } = recordingLog();
  await using bench = new ContactsBench({ log, limits: { bulkAbove: 20 } });
  bench.from(JANE);
  await bench.sync();
  bench.runContacts();
  await settle();
  bench.card({ firstName: "Jane", phones: [JANE], emails: [JANE_MAIL] });
  await bench.syncContacts();
  for (let n = 0; n < 2_500; n++) bench.from(JANE_MAIL);
  const before = said.length;
  await bench.syncMessages();
  // The import's, and the backlog's: the first contact sync found nothing to change.
  equal(bench.resyncs, 2);
  await until(() => bench.people().length === 1, "the merge");
  ok(said.length > before);
});

Deno.test("a lock on our database in the middle of a contact sync is waited out, and nothing is lost", async () => {
  const { bench, said } = await running();
  await using _ = bench;
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Janet", emails: [JANE_MAIL] });
  {
    using other = openDatabase(bench.database);
    other.exec("BEGIN IMMEDIATE");
    await rejects(bench.syncContacts(), (error) => error instanceof SqliteError && error.isBusy);
    bench.clock.tick(60_000);
    await settle();
    other.exec("ROLLBACK");
  }
  bench.clock.tick(100);
  await until(() => bench.names()[JANE] === "Janet (addressbook)", "the name");
  deepEqual(said.filter(({ level }) => level === "error"), []);
});

Deno.test("a failure of our database is logged as an error once, and again when it comes back", async () => {
  const { log, said } = recordingLog();
  await using bench = new ContactsBench({ log });
  bench.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  bench.from(JANE);
  await bench.sync();
  bench.runContacts();
  const errors = () => said.filter(({ level }) => level === "error").length;
  const broken = async (times: number, name: string) => {
    bench.db.exec(
      "CREATE TEMP TRIGGER broken BEFORE UPDATE OF name ON main.contacts BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: name });
    for (let n = 0; n < times; n++) {
      bench.clock.tick(60_000);
      await settle();
    }
    bench.db.exec("DROP TRIGGER temp.broken");
    bench.clock.tick(60_000);
    await until(() => bench.names()[JANE] === `${name} (addressbook)`, "the name");
    bench.clock.tick(60_000);
    await settle();
  };
  await settle();
  bench.engine.contacts.begin();
  await settle();
  await broken(3, "Janet");
  equal(errors(), 1);
  await broken(2, "Joan");
  equal(errors(), 2);
});

Deno.test("stop() ends a contact sync at its next turn, and the next start goes on", async () => {
  await using bench = new ContactsBench();
  bench.contacts.inOneCommit(ROOT_STORE, () => {
    for (let n = 0; n < 3_000; n++) bench.card({ firstName: `P${n}`, emails: [`p${n}@example.com`] });
  });
  bench.from("p2999@example.com");
  await bench.syncMessages();
  const sync = bench.syncContacts();
  const refused = rejects(sync, { code: "stopping" });
  await yieldToEventLoop();
  const before = performance.now();
  await bench.stop();
  await refused;
  ok(performance.now() - before < 1_000);
  await bench.restart();
  await bench.sync();
  equal(bench.names()["p2999@example.com"], "P2999 (addressbook)");
});

Deno.test("the log tells of contacts in counts, never names or numbers: syncs as INFO, oddities as WARNING, once", async () => {
  const { log, said, all } = recordingLog();
  await using bench = new ContactsBench({ log });
  bench.contacts.addStore({ store: CLOUD });
  bench.card({ uniqueId: "J", firstName: "Zebulon", nickname: "Zeb", phones: [JANE], emails: [JANE_MAIL] });
  bench.card({ firstName: "Quillon", organization: "Vexillology" });
  for (const address of [JANE, JANE_MAIL, HOME]) bench.from(address);
  await bench.sync();
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
  bench.contacts.breakStore({ store: CLOUD, how: "damaged" });
  const levels = async () => {
    await bench.syncContacts();
    return said.splice(0).map(({ level, message }) => `${level} ${message}`);
  };
  deepEqual(await levels(), ["warning Contacts are not complete"]);
  deepEqual(await levels(), []);
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Zebulah" });
  equal((await levels()).filter((line) => line.startsWith("info")).length, 1);
  deepEqual(await levels(), []);
  ok(all.length > 4);
  const lines = JSON.stringify(all);
  for (const secret of ["Zeb", "Quillon", "Vexil", JANE, JANE_MAIL, HOME]) {
    ok(!lines.includes(secret), secret);
  }
});

Deno.test("the count of names in a sync's summary and in what is told of it are the same", async () => {
  await using bench = new ContactsBench();
  bench.card({ firstName: "Jane", phones: [JANE], emails: [JANE_MAIL] });
  bench.from(JANE);
  bench.from(JANE_MAIL);
  await bench.syncMessages();
  const { renamed, merged } = await bench.syncContacts();
  deepEqual([renamed, merged], [1, 1]);
  const told = bench.told.filter(({ event }) => event === "sync.completed").at(-1);
  ok(told?.event === "sync.completed");
  deepEqual([told.data.contacts, told.data.merged], [1, 1]);
});
