/** Who is one person, on real databases: the cases that bite. */
import { deepEqual, equal } from "node:assert/strict";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { CLOUD, ContactsFixture, HOME, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

/** Messages from each of these addresses, and a cloud store beside the root store. */
function withMessagesFrom(...addresses: readonly string[]): ContactsFixture {
  const fixture = new ContactsFixture();
  fixture.contacts.addStore({ store: CLOUD });
  for (const address of addresses) fixture.from(address);
  return fixture;
}

function sharedFlags(fixture: ContactsFixture): unknown[] {
  return fixture.column("SELECT identifier FROM contact_identifiers WHERE is_shared = 1 ORDER BY 1");
}

/** No row speaks of a contact that was merged away. */
function nothingRefersToMergedOnes(fixture: ContactsFixture): void {
  const columns = fixture.rows(
    `SELECT t.name AS "table", f."from" AS "column" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
      WHERE t.schema = 'main' AND f."table" = 'contacts' AND t.name <> 'contact_merges'`,
  );
  for (const { table, column } of columns) {
    const left = fixture.column(
      `SELECT count(*) FROM "${table}" WHERE "${column}" IN (SELECT id FROM contacts WHERE merged_into IS NOT NULL)`,
    );
    deepEqual(left, [0], `${table}.${column}`);
  }
}

Deno.test("a card with three identifiers makes one contact of three", async () => {
  await using fixture = withMessagesFrom(JANE, JANE_MAIL, OMAR);
  fixture.card({ firstName: "Jane", phones: [JANE, OMAR], emails: [JANE_MAIL] });
  await fixture.sync();
  deepEqual(fixture.people(), [[JANE, OMAR, JANE_MAIL]]);
  nothingRefersToMergedOnes(fixture);
});

Deno.test("two John Smiths stay two", async () => {
  await using fixture = withMessagesFrom(JANE, OMAR);
  fixture.card({ firstName: "John", lastName: "Smith", phones: [JANE] });
  fixture.card({ store: CLOUD, firstName: "John", lastName: "Smith", phones: [OMAR] });
  await fixture.sync();
  deepEqual(fixture.people(), []);
  deepEqual(fixture.names(), { [JANE]: "John Smith (addressbook)", [OMAR]: "John Smith (addressbook)" });
});

Deno.test("a shared home phone is a contact of its own, named by the number, and chains nobody", async () => {
  await using fixture = withMessagesFrom(JANE, OMAR, HOME);
  fixture.card({ firstName: "Jane", phones: [JANE, HOME] });
  fixture.card({ firstName: "Omar", phones: [OMAR, HOME] });
  await fixture.sync();
  deepEqual(fixture.people(), []);
  deepEqual(fixture.names(), {
    [JANE]: "Jane (addressbook)",
    [OMAR]: "Omar (addressbook)",
    [HOME]: `${HOME} (identifier)`,
  });
  deepEqual(sharedFlags(fixture), [HOME]);
});

Deno.test("a number that becomes shared is split off again, named by itself, and told", async () => {
  await using fixture = withMessagesFrom(JANE, HOME);
  fixture.card({ firstName: "Jane", phones: [JANE, HOME] });
  await fixture.sync();
  deepEqual(fixture.people(), [[JANE, HOME]]);
  fixture.card({ firstName: "Omar", phones: [OMAR, HOME] });
  await fixture.syncContacts();
  deepEqual(fixture.people(), []);
  deepEqual(sharedFlags(fixture), [HOME]);
  equal(fixture.names()[HOME], `${HOME} (identifier)`);
  equal(fixture.chatNames()[HOME], HOME);
  const [unmerged, ...others] = fixture.news();
  equal(unmerged?.event, "contact.unmerged");
  deepEqual(
    [unmerged?.data["reason"], unmerged?.data["messages"], unmerged?.data["participants"]],
    ["shared_identifier", 1, 1],
  );
  deepEqual(others.filter(({ event }) => event !== "chat.updated" && event !== "contact.updated"), []);
  nothingRefersToMergedOnes(fixture);
});

Deno.test("a number that moved to another person's card goes there, split before it is merged", async () => {
  await using fixture = withMessagesFrom(JANE, OMAR, HOME);
  const jane = fixture.card({ firstName: "Jane", phones: [JANE, HOME] });
  const omar = fixture.card({ firstName: "Omar", phones: [OMAR] });
  await fixture.sync();
  deepEqual(fixture.people(), [[JANE, HOME]]);
  fixture.contacts.inOneCommit(ROOT_STORE, () => {
    fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: jane, phones: [JANE] });
    fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: omar, phones: [OMAR, HOME] });
  });
  await fixture.syncContacts();
  deepEqual(fixture.people(), [[OMAR, HOME]]);
  equal(fixture.chatNames()[HOME], "Omar");
  const events = fixture.news().map(({ event }) => event).filter((event) =>
    event.startsWith("contact.") && event !== "contact.updated"
  );
  deepEqual(events, ["contact.unmerged", "contact.merged"]);
  equal((await fixture.syncContacts()).idle, true);
});

Deno.test("a number that a card lost stays with its contact, and a recycled one goes to its new owner", async () => {
  await using fixture = withMessagesFrom(JANE, HOME);
  const jane = fixture.card({ firstName: "Jane", phones: [JANE, HOME] });
  await fixture.sync();
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: jane, phones: [JANE] });
  await fixture.syncContacts();
  deepEqual(fixture.people(), [[JANE, HOME]]);
  fixture.card({ firstName: "Zoe", phones: [HOME] });
  await fixture.syncContacts();
  deepEqual(fixture.people(), []);
  deepEqual(fixture.names(), { [JANE]: "Jane (addressbook)", [HOME]: "Zoe (addressbook)" });
});

Deno.test("a company alone, a 5-digit code and a urn:biz: address are named by their cards or by themselves", async () => {
  const business = "urn:biz:4f1c2d3e-0000-4000-8000-00000000beef";
  await using fixture = withMessagesFrom(JANE, "24273", business);
  fixture.card({ organization: "Blue Bottle", isCompany: true, phones: [JANE] });
  fixture.card({ organization: "Bank", isCompany: true, phones: ["124273"] });
  await fixture.sync();
  deepEqual(fixture.names(), {
    [JANE]: "Blue Bottle (addressbook)",
    "24273": "24273 (identifier)",
    [business]: `${business} (identifier)`,
  });
  fixture.card({ organization: "Codes", isCompany: true, phones: ["24273"] });
  await fixture.syncContacts();
  equal(fixture.names()["24273"], "Codes (addressbook)");
});

Deno.test("020… on a card is +4420…, read as British or matched by its national digits", async () => {
  for (const region of ["GB", "US"]) {
    await using fixture = new ContactsFixture({ region });
    fixture.card({ firstName: "Lon", phones: ["020 7946 0958"] });
    fixture.from("+442079460958");
    await fixture.sync();
    deepEqual(fixture.names(), { "+442079460958": "Lon (addressbook)" }, region);
  }
});

Deno.test("a number without a country code that fits +1 and +44 names the one of the region alone", async () => {
  await using fixture = withMessagesFrom("+12079460958", "+442079460958");
  fixture.card({ firstName: "Am", phones: ["207 946 0958"] });
  await fixture.sync();
  deepEqual(fixture.names(), {
    "+12079460958": "Am (addressbook)",
    "+442079460958": "+442079460958 (identifier)",
  });
});

Deno.test("+1 and +44 with the same national digits are two people", async () => {
  await using fixture = withMessagesFrom("+12079460958", "+442079460958");
  fixture.card({ firstName: "Am", phones: ["+1 207 946 0958"] });
  fixture.card({ firstName: "Br", phones: ["+44 20 7946 0958"] });
  await fixture.sync();
  deepEqual(fixture.names(), { "+12079460958": "Am (addressbook)", "+442079460958": "Br (addressbook)" });
  deepEqual(fixture.people(), []);
});

Deno.test("cards that Contacts has linked across stores are one person, of whom the preferred name is shown", async () => {
  await using fixture = withMessagesFrom(JANE, JANE_MAIL);
  const here = fixture.card({ firstName: "Jane", phones: [JANE] });
  const there = fixture.card({ store: CLOUD, firstName: "J", emails: [JANE_MAIL], preferredForName: true });
  await fixture.sync();
  deepEqual(fixture.people(), []);
  fixture.contacts.linkCards({
    cards: [{ store: ROOT_STORE, uniqueId: here }, { store: CLOUD, uniqueId: there }],
  });
  await fixture.syncContacts();
  deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
  equal(fixture.names()[JANE], "J (addressbook)");
  deepEqual(fixture.column("SELECT reason FROM contact_merges"), ["linked_cards"]);
});

Deno.test("the same card in iCloud and Google is one person: equal names and an identifier in common", async () => {
  await using fixture = withMessagesFrom(JANE, JANE_MAIL);
  fixture.card({ firstName: "Jane", lastName: "Apple", phones: [JANE, HOME] });
  fixture.card({ store: CLOUD, firstName: "jane", lastName: "APPLE", emails: [JANE_MAIL], phones: [HOME] });
  await fixture.sync();
  deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
  deepEqual(fixture.column("SELECT reason FROM contact_merges"), ["same_name"]);
  deepEqual(sharedFlags(fixture), []);
});

Deno.test("the me card names me; its numbers are nobody's but their own, and none becomes me", async () => {
  await using fixture = withMessagesFrom(JANE, JANE_MAIL);
  fixture.card({ firstName: "Ich", isMe: true, phones: [JANE], emails: [JANE_MAIL] });
  await fixture.sync();
  deepEqual(fixture.rows("SELECT name, name_source FROM contacts WHERE id = 1"), [
    { name: "Ich", name_source: "addressbook" },
  ]);
  deepEqual(fixture.people(), []);
  deepEqual(fixture.column("SELECT count(*) FROM contact_merges"), [0]);
});

Deno.test("whom a store of equal cards names does not depend on which store came first", async () => {
  const outcomes = [];
  for (const order of [[ROOT_STORE, CLOUD], [CLOUD, ROOT_STORE]]) {
    await using fixture = withMessagesFrom(JANE, HOME, JANE_MAIL);
    const [first = "", second = ""] = order;
    fixture.card({ store: first, uniqueId: "A", firstName: "Jane", phones: [JANE, HOME] });
    await fixture.sync();
    fixture.card({ store: second, uniqueId: "B", firstName: "Jane", phones: [HOME], emails: [JANE_MAIL] });
    await fixture.sync();
    outcomes.push([fixture.people(), fixture.names(), sharedFlags(fixture)]);
  }
  deepEqual(outcomes[0], outcomes[1]);
});
