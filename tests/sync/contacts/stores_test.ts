/** When stores are read: only those that moved, at once or after a day; and what a store that can't be read does. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { CLOUD, ContactsBench, JANE, OMAR } from "./support/contacts_fixture.ts";

const DAY_MS = 24 * 3_600_000;

/** Jane on the root store, Omar in the cloud, both synced. */
async function withTwoStores(): Promise<ContactsBench> {
  const bench = new ContactsBench();
  bench.contacts.addStore({ store: CLOUD });
  bench.card({ uniqueId: "J:ABPerson", firstName: "Jane", phones: [JANE] });
  bench.card({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omar", phones: [OMAR] });
  bench.from(JANE);
  bench.from(OMAR);
  await bench.sync();
  return bench;
}

/** When each store was last read. */
function readAt(bench: ContactsBench): unknown[] {
  return bench.column("SELECT read_at FROM address_book_stores ORDER BY path");
}

const BOTH = { [JANE]: "Jane (addressbook)", [OMAR]: "Omar (addressbook)" };

Deno.test("sync() reads no store and plans nothing when none has moved", async () => {
  await using bench = await withTwoStores();
  const before = readAt(bench);
  bench.clock.tick(1_000);
  const changes = bench.column("SELECT total_changes()");
  const { idle } = await bench.syncContacts();
  equal(idle, true);
  deepEqual(readAt(bench), before);
  deepEqual(bench.column("SELECT total_changes()"), changes);
});

Deno.test("sync() sees an edit that moved a store's WAL alone, and reads no other store for it", async () => {
  await using bench = await withTwoStores();
  const { mtime, size } = Deno.statSync(bench.store());
  const [cloud, root] = readAt(bench);
  bench.clock.tick(1_000);
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName: "Janet" });
  deepEqual([Deno.statSync(bench.store()).mtime, Deno.statSync(bench.store()).size], [mtime, size]);
  const { renamed } = await bench.syncContacts();
  equal(renamed, 1);
  equal(bench.names()[JANE], "Janet (addressbook)");
  const after = readAt(bench);
  // By path: the root store's name comes before "Sources".
  deepEqual([after[0] !== cloud, after[1] !== root], [true, false]);
});

Deno.test("sync() sees an edit in a WAL that was begun anew and is as long as before", async () => {
  await using bench = await withTwoStores();
  const wal = `${bench.store()}-wal`;
  const edit = (firstName: string) =>
    bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName });
  edit("Jade");
  bench.contacts.checkpoint({ store: ROOT_STORE, mode: "FULL" });
  await bench.syncContacts();
  const before = Deno.statSync(wal).size;
  const database = Deno.statSync(bench.store());
  edit("Joan");
  // Two edits within one tick of the kernel's clock would leave the same time.
  Deno.utimeSync(wal, new Date(), new Date(Date.now() + 1_000));
  equal(Deno.statSync(wal).size, before);
  deepEqual(Deno.statSync(bench.store()).mtime, database.mtime);
  await bench.syncContacts();
  equal(bench.names()[JANE], "Joan (addressbook)");
});

Deno.test("sync() takes in a source that appears later, and names who wrote before", async () => {
  await using bench = await withTwoStores();
  const late = "6B1C0F3E-0000-4000-8000-000000000002";
  bench.from("+15550100003");
  await bench.sync();
  bench.contacts.addStore({ store: late });
  bench.card({ store: late, firstName: "Late", phones: ["555 010 0003"] });
  await bench.syncContacts();
  equal(bench.names()["+15550100003"], "Late (addressbook)");
});

for (const how of ["not_a_database", "damaged", "other_shape"] as const) {
  Deno.test(`a store that is ${how} takes nobody away, holds up no other, is told in the status and comes back`, async () => {
    await using bench = await withTwoStores();
    bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
    bench.contacts.breakStore({ store: CLOUD, how });
    bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName: "Janet" });
    for (let again = 0; again < 2; again++) {
      await bench.syncContacts();
      deepEqual(bench.names(), { ...BOTH, [JANE]: "Janet (addressbook)" });
      deepEqual(bench.storeStates(), { [bench.store()]: "ok", [bench.store(CLOUD)]: "failed" });
    }
    // Contacts makes it anew.
    for (const side of ["", "-wal", "-shm"]) {
      try {
        Deno.removeSync(bench.store(CLOUD) + side);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    bench.contacts.addStore({ store: CLOUD });
    bench.card({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omar", lastName: "Back", phones: [OMAR] });
    await bench.syncContacts();
    equal(bench.names()[OMAR], "Omar Back (addressbook)");
    equal(bench.storeStates()[bench.store(CLOUD)], "ok");
  });
}

Deno.test("a store that was well and can't be read after a day is told of until it can be read again", async () => {
  await using bench = await withTwoStores();
  bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  bench.contacts.breakStore({ store: CLOUD, how: "damaged" });
  // As if nothing had moved: what is stored is what the files look like now.
  await bench.syncContacts();
  equal(bench.storeStates()[bench.store(CLOUD)], "failed");
  const before = readAt(bench);
  bench.clock.tick(DAY_MS);
  await bench.syncContacts();
  equal(bench.storeStates()[bench.store(CLOUD)], "failed");
  const daily = readAt(bench);
  ok(daily[0] !== before[0], "the day's full reading");
  bench.clock.tick(60_000);
  equal((await bench.syncContacts()).idle, true);
  deepEqual(readAt(bench), daily, "a broken store does not make the others be read each time");
});

Deno.test("a store that the full reading finds damaged stays so, though its files look as they did", async () => {
  await using bench = await withTwoStores();
  bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  bench.quitContacts();
  await bench.syncContacts();
  const path = bench.store(CLOUD);
  const { mtime } = Deno.statSync(path);
  const whole = Deno.readFileSync(path);
  const rewrite = (bytes: Uint8Array) => {
    Deno.writeFileSync(path, bytes, { create: false });
    Deno.utimeSync(path, new Date(), mtime ?? new Date());
  };
  rewrite(new Uint8Array(whole.length).fill(0xa5));
  bench.clock.tick(DAY_MS);
  for (let again = 0; again < 3; again++) {
    await bench.syncContacts();
    equal(bench.storeStates()[path], "failed");
    bench.clock.tick(60_000);
  }
  deepEqual(bench.names(), BOTH);
  rewrite(whole);
  await bench.syncContacts();
  equal(bench.storeStates()[path], "ok");
});

Deno.test("a store that was removed takes its cards along, and people keep their last name", async () => {
  await using bench = await withTwoStores();
  bench.news();
  bench.contacts.removeStore({ store: CLOUD });
  await bench.syncContacts();
  deepEqual(bench.names(), { ...BOTH, [OMAR]: "Omar (addressbook_gone)" });
  deepEqual(bench.chatNames()[OMAR], "Omar");
  deepEqual(bench.news(), []);
  deepEqual(bench.column("SELECT count(*) FROM address_book_cards"), [1]);
  deepEqual(bench.rows("PRAGMA main.foreign_key_check"), []);
});

Deno.test("a folder that can't be found takes nobody away", async () => {
  await using bench = await withTwoStores();
  bench.quitContacts();
  Deno.renameSync(bench.addressBook, `${bench.addressBook}.away`);
  await bench.syncContacts();
  deepEqual(bench.names(), BOTH);
  deepEqual(bench.storeStates(), { [bench.addressBook]: "missing" });
  Deno.renameSync(`${bench.addressBook}.away`, bench.addressBook);
  await bench.syncContacts();
  deepEqual(Object.values(bench.storeStates()), ["ok", "ok"]);
});

Deno.test("every store is read once a day, whatever its token says", async () => {
  await using bench = await withTwoStores();
  bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  await bench.syncContacts();
  const { mtime, size } = Deno.statSync(bench.store(CLOUD));
  bench.contacts.editCard({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omer" });
  bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  // A change that leaves no trace in what stat tells.
  equal(Deno.statSync(bench.store(CLOUD)).size, size);
  Deno.utimeSync(bench.store(CLOUD), new Date(), mtime ?? new Date());
  equal((await bench.syncContacts()).idle, true);
  bench.clock.tick(DAY_MS);
  await bench.syncContacts();
  equal(bench.names()[OMAR], "Omer (addressbook)");
  // A clock that was set back must not put the next one off for years.
  bench.contacts.editCard({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omas" });
  bench.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  Deno.utimeSync(bench.store(CLOUD), new Date(), mtime ?? new Date());
  bench.clock.jumpWall(-365 * DAY_MS);
  await bench.syncContacts();
  equal(bench.names()[OMAR], "Omas (addressbook)");
});

Deno.test("a store that Contacts has locked is read at a later turn", async () => {
  await using bench = await withTwoStores();
  bench.quitContacts();
  {
    using db = openDatabase(bench.store(CLOUD));
    db.exec("PRAGMA journal_mode = DELETE");
    db.exec("BEGIN EXCLUSIVE; UPDATE ZABCDRECORD SET ZFIRSTNAME = 'Omer' WHERE ZFIRSTNAME = 'Omar'");
    Deno.utimeSync(bench.store(CLOUD), new Date(), new Date(Date.now() + 5_000));
    await bench.syncContacts();
    equal(bench.storeStates()[bench.store(CLOUD)], "failed");
    db.exec("COMMIT");
  }
  await bench.syncContacts();
  equal(bench.names()[OMAR], "Omer (addressbook)");
});
