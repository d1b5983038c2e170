/** Who is one person, on real databases: the cases that bite. */
import { deepEqual, equal } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { CLOUD, ContactsBench, HOME, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

/** Messages from each of these addresses, and a cloud store beside the root store. */
function withMessagesFrom(...addresses: readonly string[]): ContactsBench {
  const bench = new ContactsBench();
  bench.contacts.addStore({ store: CLOUD });
  for (const address of addresses) bench.from(address);
  return bench;
}

function sharedFlags(bench: ContactsBench): unknown[] {
  return bench.column("SELECT identifier FROM contact_identifiers WHERE is_shared = 1 ORDER BY 1");
}

/** No row speaks of a contact that was merged away. */
function nothingRefersToMergedOnes(bench: ContactsBench): void {
  const columns = bench.rows(
    `SELECT t.name AS "table", f."from" AS "column" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
      WHERE t.schema = 'main' AND f."table" = 'contacts' AND t.name <> 'contact_merges'`,
  );
  for (const { table, column } of columns) {
    const left = bench.column(
      `SELECT count(*) FROM "${table}" WHERE "${column}" IN (SELECT id FROM contacts WHERE merged_into IS NOT NULL)`,
    );
    deepEqual(left, [0], `${table}.${column}`);
  }
}

Deno.test("a card with three identifiers makes one contact of three", async () => {
  await using bench = withMessagesFrom(JANE, JANE_MAIL, OMAR);
  bench.card({ firstName: "Jane", phones: [JANE, OMAR], emails: [JANE_MAIL] });
  await bench.sync();
  deepEqual(bench.people(), [[JANE, OMAR, JANE_MAIL]]);
  nothingRefersToMergedOnes(bench);
});

Deno.test("two John Smiths stay two", async () => {
  await using bench = withMessagesFrom(JANE, OMAR);
  bench.card({ firstName: "John", lastName: "Smith", phones: [JANE] });
  bench.card({ store: CLOUD, firstName: "John", lastName: "Smith", phones: [OMAR] });
  await bench.sync();
  deepEqual(bench.people(), []);
  deepEqual(bench.names(), { [JANE]: "John Smith (addressbook)", [OMAR]: "John Smith (addressbook)" });
});

Deno.test("a shared home phone is a contact of its own, named by the number, and chains nobody", async () => {
  await using bench = withMessagesFrom(JANE, OMAR, HOME);
  bench.card({ firstName: "Jane", phones: [JANE, HOME] });
  bench.card({ firstName: "Omar", phones: [OMAR, HOME] });
  await bench.sync();
  deepEqual(bench.people(), []);
  deepEqual(bench.names(), {
    [JANE]: "Jane (addressbook)",
    [OMAR]: "Omar (addressbook)",
    [HOME]: `${HOME} (identifier)`,
  });
  deepEqual(sharedFlags(bench), [HOME]);
});

Deno.test("a number that becomes shared is split off again, named by itself, and told", async () => {
  await using bench = withMessagesFrom(JANE, HOME);
  bench.card({ firstName: "Jane", phones: [JANE, HOME] });
  await bench.sync();
  deepEqual(bench.people(), [[JANE, HOME]]);
  bench.card({ firstName: "Omar", phones: [OMAR, HOME] });
  await bench.syncContacts();
  deepEqual(bench.people(), []);
  deepEqual(sharedFlags(bench), [HOME]);
  equal(bench.names()[HOME], `${HOME} (identifier)`);
  equal(bench.chatNames()[HOME], HOME);
  const [unmerged, ...others] = bench.news();
  equal(unmerged?.event, "contact.unmerged");
  deepEqual(
    [unmerged?.data["reason"], unmerged?.data["messages"], unmerged?.data["participants"]],
    ["shared_identifier", 1, 1],
  );
  deepEqual(others.filter(({ event }) => event !== "chat.updated" && event !== "contact.updated"), []);
  nothingRefersToMergedOnes(bench);
});

Deno.test("a number that moved to another person's card goes there, split before it is merged", async () => {
  await using bench = withMessagesFrom(JANE, OMAR, HOME);
  const jane = bench.card({ firstName: "Jane", phones: [JANE, HOME] });
  const omar = bench.card({ firstName: "Omar", phones: [OMAR] });
  await bench.sync();
  deepEqual(bench.people(), [[JANE, HOME]]);
  bench.contacts.inOneCommit(ROOT_STORE, () => {
    bench.contacts.editCard({ store: ROOT_STORE, uniqueId: jane, phones: [JANE] });
    bench.contacts.editCard({ store: ROOT_STORE, uniqueId: omar, phones: [OMAR, HOME] });
  });
  await bench.syncContacts();
  deepEqual(bench.people(), [[OMAR, HOME]]);
  equal(bench.chatNames()[HOME], "Omar");
  const events = bench.news().map(({ event }) => event).filter((event) =>
    event.startsWith("contact.") && event !== "contact.updated"
  );
  deepEqual(events, ["contact.unmerged", "contact.merged"]);
  equal((await bench.syncContacts()).idle, true);
});

Deno.test("a number that a card lost stays with its contact, and a recycled one goes to its new owner", async () => {
  await using bench = withMessagesFrom(JANE, HOME);
  const jane = bench.card({ firstName: "Jane", phones: [JANE, HOME] });
  await bench.sync();
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: jane, phones: [JANE] });
  await bench.syncContacts();
  deepEqual(bench.people(), [[JANE, HOME]]);
  bench.card({ firstName: "Zoe", phones: [HOME] });
  await bench.syncContacts();
  deepEqual(bench.people(), []);
  deepEqual(bench.names(), { [JANE]: "Jane (addressbook)", [HOME]: "Zoe (addressbook)" });
});

Deno.test("a company alone, a 5-digit code and a urn:biz: address are named by their cards or by themselves", async () => {
  const business = "urn:biz:4f1c2d3e-0000-4000-8000-00000000beef";
  await using bench = withMessagesFrom(JANE, "24273", business);
  bench.card({ organization: "Blue Bottle", isCompany: true, phones: [JANE] });
  bench.card({ organization: "Bank", isCompany: true, phones: ["124273"] });
  await bench.sync();
  deepEqual(bench.names(), {
    [JANE]: "Blue Bottle (addressbook)",
    "24273": "24273 (identifier)",
    [business]: `${business} (identifier)`,
  });
  bench.card({ organization: "Codes", isCompany: true, phones: ["24273"] });
  await bench.syncContacts();
  equal(bench.names()["24273"], "Codes (addressbook)");
});

Deno.test("020… on a card is +4420…, read as British or matched by its national digits", async () => {
  for (const region of ["GB", "US"]) {
    await using bench = new ContactsBench({ region });
    bench.card({ firstName: "Lon", phones: ["020 7946 0958"] });
    bench.from("+442079460958");
    await bench.sync();
    deepEqual(bench.names(), { "+442079460958": "Lon (addressbook)" }, region);
  }
});

Deno.test("a number without a country code that fits +1 and +44 names the one of the region alone", async () => {
  await using bench = withMessagesFrom("+12079460958", "+442079460958");
  bench.card({ firstName: "Am", phones: ["207 946 0958"] });
  await bench.sync();
  deepEqual(bench.names(), {
    "+12079460958": "Am (addressbook)",
    "+442079460958": "+442079460958 (identifier)",
  });
});

Deno.test("+1 and +44 with the same national digits are two people", async () => {
  await using bench = withMessagesFrom("+12079460958", "+442079460958");
  bench.card({ firstName: "Am", phones: ["+1 207 946 0958"] });
  bench.card({ firstName: "Br", phones: ["+44 20 7946 0958"] });
  await bench.sync();
  deepEqual(bench.names(), { "+12079460958": "Am (addressbook)", "+442079460958": "Br (addressbook)" });
  deepEqual(bench.people(), []);
});

Deno.test("cards that Contacts has linked across stores are one person, of whom the preferred name is shown", async () => {
  await using bench = withMessagesFrom(JANE, JANE_MAIL);
  const here = bench.card({ firstName: "Jane", phones: [JANE] });
  const there = bench.card({ store: CLOUD, firstName: "J", emails: [JANE_MAIL], preferredForName: true });
  await bench.sync();
  deepEqual(bench.people(), []);
  bench.contacts.linkCards({
    cards: [{ store: ROOT_STORE, uniqueId: here }, { store: CLOUD, uniqueId: there }],
  });
  await bench.syncContacts();
  deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
  equal(bench.names()[JANE], "J (addressbook)");
  deepEqual(bench.column("SELECT reason FROM contact_merges"), ["linked_cards"]);
});

Deno.test("the same card in iCloud and Google is one person: equal names and an identifier in common", async () => {
  await using bench = withMessagesFrom(JANE, JANE_MAIL);
  bench.card({ firstName: "Jane", lastName: "Apple", phones: [JANE, HOME] });
  bench.card({ store: CLOUD, firstName: "jane", lastName: "APPLE", emails: [JANE_MAIL], phones: [HOME] });
  await bench.sync();
  deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
  deepEqual(bench.column("SELECT reason FROM contact_merges"), ["same_name"]);
  deepEqual(sharedFlags(bench), []);
});

Deno.test("the me card names me; its numbers are nobody's but their own, and none becomes me", async () => {
  await using bench = withMessagesFrom(JANE, JANE_MAIL);
  bench.card({ firstName: "Ich", isMe: true, phones: [JANE], emails: [JANE_MAIL] });
  await bench.sync();
  deepEqual(bench.rows("SELECT name, name_source FROM contacts WHERE id = 1"), [
    { name: "Ich", name_source: "addressbook" },
  ]);
  deepEqual(bench.people(), []);
  deepEqual(bench.column("SELECT count(*) FROM contact_merges"), [0]);
});

Deno.test("whom a store of equal cards names does not depend on which store came first", async () => {
  const outcomes = [];
  for (const order of [[ROOT_STORE, CLOUD], [CLOUD, ROOT_STORE]]) {
    await using bench = withMessagesFrom(JANE, HOME, JANE_MAIL);
    const [first = "", second = ""] = order;
    bench.card({ store: first, uniqueId: "A", firstName: "Jane", phones: [JANE, HOME] });
    await bench.sync();
    bench.card({ store: second, uniqueId: "B", firstName: "Jane", phones: [HOME], emails: [JANE_MAIL] });
    await bench.sync();
    outcomes.push([bench.people(), bench.names(), sharedFlags(bench)]);
  }
  deepEqual(outcomes[0], outcomes[1]);
});
