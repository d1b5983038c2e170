/** When stores are read: only those that moved, at once or after a day; and what a store that can't be read does. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { CLOUD, ContactsFixture, JANE, OMAR } from "./support/contacts_fixture.ts";

const DAY_MS = 24 * 3_600_000;

/** Jane on the root store, Omar in the cloud, both synced. */
async function withTwoStores(): Promise<ContactsFixture> {
  const fixture = new ContactsFixture();
  fixture.contacts.addStore({ store: CLOUD });
  fixture.card({ uniqueId: "J:ABPerson", firstName: "Jane", phones: [JANE] });
  fixture.card({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omar", phones: [OMAR] });
  fixture.from(JANE);
  fixture.from(OMAR);
  await fixture.sync();
  return fixture;
}

/** When each store was last read. */
function readAt(fixture: ContactsFixture): unknown[] {
  return fixture.column("SELECT read_at FROM address_book_stores ORDER BY path");
}

const BOTH = { [JANE]: "Jane (addressbook)", [OMAR]: "Omar (addressbook)" };

Deno.test("sync() reads no store and plans nothing when none has moved", async () => {
  await using fixture = await withTwoStores();
  const before = readAt(fixture);
  fixture.clock.tick(1_000);
  const changes = fixture.column("SELECT total_changes()");
  const { idle } = await fixture.syncContacts();
  equal(idle, true);
  deepEqual(readAt(fixture), before);
  deepEqual(fixture.column("SELECT total_changes()"), changes);
});

Deno.test("sync() sees an edit that moved a store's WAL alone, and reads no other store for it", async () => {
  await using fixture = await withTwoStores();
  const { mtime, size } = Deno.statSync(fixture.store());
  const [cloud, root] = readAt(fixture);
  fixture.clock.tick(1_000);
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName: "Janet" });
  deepEqual([Deno.statSync(fixture.store()).mtime, Deno.statSync(fixture.store()).size], [mtime, size]);
  const { renamed } = await fixture.syncContacts();
  equal(renamed, 1);
  equal(fixture.names()[JANE], "Janet (addressbook)");
  const after = readAt(fixture);
  // By path: the root store's name comes before "Sources".
  deepEqual([after[0] !== cloud, after[1] !== root], [true, false]);
});

Deno.test("sync() sees an edit in a WAL that was begun anew and is as long as before", async () => {
  await using fixture = await withTwoStores();
  const wal = `${fixture.store()}-wal`;
  const edit = (firstName: string) =>
    fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName });
  edit("Jade");
  fixture.contacts.checkpoint({ store: ROOT_STORE, mode: "FULL" });
  await fixture.syncContacts();
  const before = Deno.statSync(wal).size;
  const database = Deno.statSync(fixture.store());
  edit("Joan");
  // Two edits within one tick of the kernel's clock would leave the same time.
  Deno.utimeSync(wal, new Date(), new Date(Date.now() + 1_000));
  equal(Deno.statSync(wal).size, before);
  deepEqual(Deno.statSync(fixture.store()).mtime, database.mtime);
  await fixture.syncContacts();
  equal(fixture.names()[JANE], "Joan (addressbook)");
});

Deno.test("sync() takes in a source that appears later, and names who wrote before", async () => {
  await using fixture = await withTwoStores();
  const late = "6B1C0F3E-0000-4000-8000-000000000002";
  fixture.from("+15550100003");
  await fixture.sync();
  fixture.contacts.addStore({ store: late });
  fixture.card({ store: late, firstName: "Late", phones: ["555 010 0003"] });
  await fixture.syncContacts();
  equal(fixture.names()["+15550100003"], "Late (addressbook)");
});

for (const how of ["not_a_database", "damaged", "other_shape"] as const) {
  Deno.test(`a store that is ${how} takes nobody away, holds up no other, is told in the status and comes back`, async () => {
    await using fixture = await withTwoStores();
    fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
    fixture.contacts.breakStore({ store: CLOUD, how });
    fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J:ABPerson", firstName: "Janet" });
    for (let again = 0; again < 2; again++) {
      await fixture.syncContacts();
      deepEqual(fixture.names(), { ...BOTH, [JANE]: "Janet (addressbook)" });
      deepEqual(fixture.storeStates(), { [fixture.store()]: "ok", [fixture.store(CLOUD)]: "failed" });
    }
    // Contacts makes it anew.
    for (const side of ["", "-wal", "-shm"]) {
      try {
        Deno.removeSync(fixture.store(CLOUD) + side);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    fixture.contacts.addStore({ store: CLOUD });
    fixture.card({
      store: CLOUD,
      uniqueId: "O:ABPerson",
      firstName: "Omar",
      lastName: "Back",
      phones: [OMAR],
    });
    await fixture.syncContacts();
    equal(fixture.names()[OMAR], "Omar Back (addressbook)");
    equal(fixture.storeStates()[fixture.store(CLOUD)], "ok");
  });
}

Deno.test("a store that was well and can't be read after a day is told of until it can be read again", async () => {
  await using fixture = await withTwoStores();
  fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  fixture.contacts.breakStore({ store: CLOUD, how: "damaged" });
  // As if nothing had moved: what is stored is what the files look like now.
  await fixture.syncContacts();
  equal(fixture.storeStates()[fixture.store(CLOUD)], "failed");
  const before = readAt(fixture);
  fixture.clock.tick(DAY_MS);
  await fixture.syncContacts();
  equal(fixture.storeStates()[fixture.store(CLOUD)], "failed");
  const daily = readAt(fixture);
  ok(daily[0] !== before[0], "the day's full reading");
  fixture.clock.tick(60_000);
  equal((await fixture.syncContacts()).idle, true);
  deepEqual(readAt(fixture), daily, "a broken store does not make the others be read each time");
});

Deno.test("a store that the full reading finds damaged stays so, though its files look as they did", async () => {
  await using fixture = await withTwoStores();
  fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  fixture.quitContacts();
  await fixture.syncContacts();
  const path = fixture.store(CLOUD);
  const { mtime } = Deno.statSync(path);
  const whole = Deno.readFileSync(path);
  const rewrite = (bytes: Uint8Array) => {
    Deno.writeFileSync(path, bytes, { create: false });
    Deno.utimeSync(path, new Date(), mtime ?? new Date());
  };
  rewrite(new Uint8Array(whole.length).fill(0xa5));
  fixture.clock.tick(DAY_MS);
  for (let again = 0; again < 3; again++) {
    await fixture.syncContacts();
    equal(fixture.storeStates()[path], "failed");
    fixture.clock.tick(60_000);
  }
  deepEqual(fixture.names(), BOTH);
  rewrite(whole);
  await fixture.syncContacts();
  equal(fixture.storeStates()[path], "ok");
});

Deno.test("a store that was removed takes its cards along, and people keep their last name", async () => {
  await using fixture = await withTwoStores();
  fixture.news();
  fixture.contacts.removeStore({ store: CLOUD });
  await fixture.syncContacts();
  deepEqual(fixture.names(), { ...BOTH, [OMAR]: "Omar (addressbook_gone)" });
  deepEqual(fixture.chatNames()[OMAR], "Omar");
  deepEqual(fixture.news(), []);
  deepEqual(fixture.column("SELECT count(*) FROM address_book_cards"), [1]);
  deepEqual(fixture.rows("PRAGMA main.foreign_key_check"), []);
});

Deno.test("a folder that can't be found takes nobody away", async () => {
  await using fixture = await withTwoStores();
  fixture.quitContacts();
  Deno.renameSync(fixture.addressBook, `${fixture.addressBook}.away`);
  await fixture.syncContacts();
  deepEqual(fixture.names(), BOTH);
  deepEqual(fixture.storeStates(), { [fixture.addressBook]: "missing" });
  Deno.renameSync(`${fixture.addressBook}.away`, fixture.addressBook);
  await fixture.syncContacts();
  deepEqual(Object.values(fixture.storeStates()), ["ok", "ok"]);
});

Deno.test("every store is read once a day, whatever its token says", async () => {
  await using fixture = await withTwoStores();
  fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  await fixture.syncContacts();
  const { mtime, size } = Deno.statSync(fixture.store(CLOUD));
  fixture.contacts.editCard({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omer" });
  fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  // A change that leaves no trace in what stat tells.
  equal(Deno.statSync(fixture.store(CLOUD)).size, size);
  Deno.utimeSync(fixture.store(CLOUD), new Date(), mtime ?? new Date());
  equal((await fixture.syncContacts()).idle, true);
  fixture.clock.tick(DAY_MS);
  await fixture.syncContacts();
  equal(fixture.names()[OMAR], "Omer (addressbook)");
  // A clock that was set back must not put the next one off for years.
  fixture.contacts.editCard({ store: CLOUD, uniqueId: "O:ABPerson", firstName: "Omas" });
  fixture.contacts.checkpoint({ store: CLOUD, mode: "TRUNCATE" });
  Deno.utimeSync(fixture.store(CLOUD), new Date(), mtime ?? new Date());
  fixture.clock.jumpWall(-365 * DAY_MS);
  await fixture.syncContacts();
  equal(fixture.names()[OMAR], "Omas (addressbook)");
});

Deno.test("a store that Contacts has locked is read at a later turn", async () => {
  await using fixture = await withTwoStores();
  fixture.quitContacts();
  {
    using db = openDatabase(fixture.store(CLOUD));
    db.exec("PRAGMA journal_mode = DELETE");
    db.exec("BEGIN EXCLUSIVE; UPDATE ZABCDRECORD SET ZFIRSTNAME = 'Omer' WHERE ZFIRSTNAME = 'Omar'");
    Deno.utimeSync(fixture.store(CLOUD), new Date(), new Date(Date.now() + 5_000));
    await fixture.syncContacts();
    equal(fixture.storeStates()[fixture.store(CLOUD)], "failed");
    db.exec("COMMIT");
  }
  await fixture.syncContacts();
  equal(fixture.names()[OMAR], "Omer (addressbook)");
});
