/** The first contact sync, beside the first import: in silence, names early, one resync at the end, across restarts. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { populate } from "../../../src/simulator/populate.ts";
import { logicalContent } from "../../support/logical_content.ts";
import { until } from "../../support/until.ts";
import {
  CLOUD,
  ContactsFixture,
  type ContactsFixtureOptions,
  JANE,
  JANE_MAIL,
  OMAR,
} from "./support/contacts_fixture.ts";

/** One person with two addresses, on one card, and one without a card. */
function withPeople(options: ContactsFixtureOptions = {}, otherMessages = 0): ContactsFixture {
  const fixture = new ContactsFixture(options);
  if (otherMessages > 0) populate(fixture.messages.db, { messages: otherMessages, chats: 30, seed: 7 });
  fixture.card({
    uniqueId: "J",
    firstName: "Jane",
    lastName: "Appleseed",
    phones: ["(555) 010-0001"],
    emails: [JANE_MAIL],
  });
  for (const address of [JANE, JANE_MAIL, OMAR]) fixture.from(address);
  return fixture;
}

const NAMED = {
  [JANE]: "Jane Appleseed (addressbook)",
  [JANE_MAIL]: "Jane Appleseed (addressbook)",
  [OMAR]: `${OMAR} (identifier)`,
};

Deno.test("the first contact sync names and merges in silence, and ends with one resync", async () => {
  await using fixture = withPeople();
  await fixture.syncMessages();
  equal(fixture.resyncs, 1);
  const { idle, merged, firstDone } = await fixture.syncContacts();
  deepEqual({ idle, merged, firstDone }, { idle: false, merged: 1, firstDone: true });
  equal(fixture.resyncs, 2);
  deepEqual(fixture.news(), []);
  deepEqual(fixture.names(), NAMED);
  deepEqual(fixture.chatNames(), { [JANE]: "Jane Appleseed", [JANE_MAIL]: "Jane Appleseed", [OMAR]: OMAR });
  equal((await fixture.sync()).idle, true);
  equal(fixture.resyncs, 2);
  fixture.card({ firstName: "Omar", phones: [OMAR] });
  await fixture.sync();
  deepEqual(fixture.news().map(({ event }) => event), ["contact.updated", "chat.updated"]);
});

for (
  const step of [
    "contacts.cards.before_commit",
    "contacts.store.before_commit",
    "contacts.follow.before",
    "contacts.merge.before_commit",
    "contacts.names.before_commit",
    "contacts.first.before_commit",
  ]
) {
  Deno.test(`a first contact sync cut off at ${step} goes on in silence after a restart`, async () => {
    let armed = true;
    await using fixture = withPeople({
      probe: (label) => {
        if (armed && label === step) throw new Error("power cut");
      },
    });
    await fixture.syncMessages();
    await rejects(fixture.syncContacts(), { message: "power cut" });
    armed = false;
    await fixture.restart();
    equal((await fixture.sync()).firstDone, true);
    deepEqual(fixture.news(), []);
    deepEqual(fixture.names(), NAMED);
    equal(fixture.resyncs, 2);
    equal((await fixture.sync()).idle, true);
  });
}

Deno.test("clients are told to read again once, at the import's end, when contacts were through before it", async () => {
  await using fixture = new ContactsFixture({ limits: { deferIndexesAbove: 1_000 } });
  fixture.card({ firstName: "Jane", lastName: "Appleseed", phones: [JANE] });
  for (let n = 0; n < 2_000; n++) fixture.from(JANE);
  fixture.runContacts();
  await fixture.syncMessages();
  const first = () => fixture.column("SELECT value FROM live_sync_state WHERE key = 'contacts.first'");
  await until(() => first()[0] === "done", "the end of the first contact sync");
  equal(fixture.names()[JANE], "Jane Appleseed (addressbook)");
  equal(fixture.resyncs, 1);
});

Deno.test("a first contact sync that began before a restart tells clients to read again, whatever is left of it", async () => {
  await using fixture = withPeople();
  await fixture.syncMessages();
  equal(fixture.resyncs, 1);
  await fixture.restart();
  equal((await fixture.sync()).firstDone, true);
  equal(fixture.resyncs, 2);
});

Deno.test("contacts get their names while the first import goes on, and are merged after it", async () => {
  const seen = new Set<string>();
  let look = (_label: string): void => {};
  await using fixture = withPeople({
    limits: { deferIndexesAbove: 1_000 },
    probe: (label) => look(label),
  }, 6_000);
  look = (label) => {
    const [phase] = fixture.column("SELECT value FROM live_sync_state WHERE key = 'import.phase'");
    if (label === "contacts.merge.before_commit") seen.add(`merge in ${phase}`);
    if (label === "import.finish.before_transaction") {
      for (const address of [JANE, JANE_MAIL]) seen.add(fixture.names()[address] ?? "");
    }
  };
  fixture.runContacts();
  await fixture.syncMessages();
  await until(() => fixture.resyncs === 2, "both first syncs");
  deepEqual([...seen].sort(), ["Jane Appleseed (addressbook)", "merge in done"]);
  deepEqual(fixture.news(), []);
  deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
  deepEqual(fixture.rows("PRAGMA main.foreign_key_check"), []);

  // The same, one after the other.
  const content = logicalContent(fixture.db);
  await using fresh = new ContactsFixture();
  await fresh.readFrom(fixture);
  await fresh.sync();
  deepEqual(logicalContent(fresh.db), content);
});

Deno.test("messages that come while contacts are synced are told at once, and who wrote them is named", async () => {
  const fixture = withPeople();
  await using _ = fixture;
  for (let n = 0; n < 3_000; n++) {
    fixture.contacts.inOneCommit(
      "root",
      () => fixture.card({ firstName: `P${n}`, emails: [`p${n}@example.com`] }),
    );
  }
  await fixture.sync();
  fixture.news();
  fixture.clock.tick(25 * 3_600_000);
  const contacts = fixture.syncContacts();
  const guid = fixture.from("p7@example.com");
  await fixture.syncMessages();
  const told = fixture.news().map((
    { event, data },
  ) => [event, data["message"]?.guid ?? data["name"] ?? null]);
  ok(told.some(([event, what]) => event === "message.created" && what === guid), JSON.stringify(told));
  deepEqual(told[0], ["contact.created", "P7"]);
  await contacts;
  await fixture.syncContacts();
  equal(fixture.names()["p7@example.com"], "P7 (addressbook)");
});

Deno.test("people keep their names and merges when chat.db is replaced", async () => {
  await using fixture = withPeople();
  await fixture.sync();
  fixture.news();
  const people = fixture.people();
  fixture.replaceMessages();
  fixture.from(JANE_MAIL, "in the new file");
  await fixture.sync();
  deepEqual(fixture.people(), people);
  deepEqual(fixture.names(), NAMED);
  deepEqual(
    fixture.column("SELECT DISTINCT sender_id FROM messages WHERE is_from_me = 0 ORDER BY 1").length,
    2,
  );
  equal((await fixture.syncContacts()).idle, true);
});

Deno.test("numbers on cards are read again once the region is known", async () => {
  await using fixture = new ContactsFixture({ region: null });
  fixture.contacts.addStore({ store: CLOUD });
  fixture.card({ firstName: "Lon", phones: ["020 7946 0958"] });
  fixture.card({ store: CLOUD, firstName: "Code", phones: ["24273"] });
  await fixture.sync();
  deepEqual(fixture.column("SELECT identifier FROM address_book_identifiers WHERE national IS NOT NULL"), [
    "02079460958",
  ]);
  const address = "+442079460958";
  const chat = fixture.messages.createChat({ address, country: "gb" });
  fixture.messages.message({ chat: chat.guid, from: address, text: "hello" });
  await fixture.sync();
  equal(fixture.names()[address], "Lon (addressbook)");
  deepEqual(fixture.column("SELECT identifier FROM address_book_identifiers WHERE national IS NOT NULL"), [
    address,
  ]);
});
