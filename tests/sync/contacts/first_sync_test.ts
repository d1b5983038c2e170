/** The first contact sync, beside the first import: in silence, names early, one resync at the end, across restarts. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { populate } from "../../../src/simulator/populate.ts";
import { logicalContent } from "../../support/logical_content.ts";
import { until } from "../../support/until.ts";
import {
  CLOUD,
  ContactsBench,
  type ContactsBenchOptions,
  JANE,
  JANE_MAIL,
  OMAR,
} from "./support/contacts_fixture.ts";

/** One person with two addresses, on one card, and one without a card. */
function withPeople(options: ContactsBenchOptions = {}, otherMessages = 0): ContactsBench {
  const bench = new ContactsBench(options);
  if (otherMessages > 0) populate(bench.messages.db, { messages: otherMessages, chats: 30, seed: 7 });
  bench.card({
    uniqueId: "J",
    firstName: "Jane",
    lastName: "Appleseed",
    phones: ["(555) 010-0001"],
    emails: [JANE_MAIL],
  });
  for (const address of [JANE, JANE_MAIL, OMAR]) bench.from(address);
  return bench;
}

const NAMED = {
  [JANE]: "Jane Appleseed (addressbook)",
  [JANE_MAIL]: "Jane Appleseed (addressbook)",
  [OMAR]: `${OMAR} (identifier)`,
};

Deno.test("the first contact sync names and merges in silence, and ends with one resync", async () => {
  await using bench = withPeople();
  await bench.syncMessages();
  equal(bench.resyncs, 1);
  const { idle, merged, firstDone } = await bench.syncContacts();
  deepEqual({ idle, merged, firstDone }, { idle: false, merged: 1, firstDone: true });
  equal(bench.resyncs, 2);
  deepEqual(bench.news(), []);
  deepEqual(bench.names(), NAMED);
  deepEqual(bench.chatNames(), { [JANE]: "Jane Appleseed", [JANE_MAIL]: "Jane Appleseed", [OMAR]: OMAR });
  equal((await bench.sync()).idle, true);
  equal(bench.resyncs, 2);
  bench.card({ firstName: "Omar", phones: [OMAR] });
  await bench.sync();
  deepEqual(bench.news().map(({ event }) => event), ["contact.updated", "chat.updated"]);
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
    await using bench = withPeople({
      probe: (label) => {
        if (armed && label === step) throw new Error("power cut");
      },
    });
    await bench.syncMessages();
    await rejects(bench.syncContacts(), { message: "power cut" });
    armed = false;
    await bench.restart();
    equal((await bench.sync()).firstDone, true);
    deepEqual(bench.news(), []);
    deepEqual(bench.names(), NAMED);
    equal(bench.resyncs, 2);
    equal((await bench.sync()).idle, true);
  });
}

Deno.test("clients are told to read again once, at the import's end, when contacts were through before it", async () => {
  await using bench = new ContactsBench({ limits: { deferIndexesAbove: 1_000 } });
  bench.card({ firstName: "Jane", lastName: "Appleseed", phones: [JANE] });
  for (let n = 0; n < 2_000; n++) bench.from(JANE);
  bench.runContacts();
  await bench.syncMessages();
  const first = () => bench.column("SELECT value FROM live_sync_state WHERE key = 'contacts.first'");
  await until(() => first()[0] === "done", "the end of the first contact sync");
  equal(bench.names()[JANE], "Jane Appleseed (addressbook)");
  equal(bench.resyncs, 1);
});

Deno.test("a first contact sync that began before a restart tells clients to read again, whatever is left of it", async () => {
  await using bench = withPeople();
  await bench.syncMessages();
  equal(bench.resyncs, 1);
  await bench.restart();
  equal((await bench.sync()).firstDone, true);
  equal(bench.resyncs, 2);
});

Deno.test("contacts get their names while the first import goes on, and are merged after it", async () => {
  const seen = new Set<string>();
  let look = (_label: string): void => {};
  await using bench = withPeople({
    limits: { deferIndexesAbove: 1_000 },
    probe: (label) => look(label),
  }, 6_000);
  look = (label) => {
    const [phase] = bench.column("SELECT value FROM live_sync_state WHERE key = 'import.phase'");
    if (label === "contacts.merge.before_commit") seen.add(`merge in ${phase}`);
    if (label === "import.finish.before_transaction") {
      for (const address of [JANE, JANE_MAIL]) seen.add(bench.names()[address] ?? "");
    }
  };
  bench.runContacts();
  await bench.syncMessages();
  await until(() => bench.resyncs === 2, "both first syncs");
  deepEqual([...seen].sort(), ["Jane Appleseed (addressbook)", "merge in done"]);
  deepEqual(bench.news(), []);
  deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
  deepEqual(bench.rows("PRAGMA main.foreign_key_check"), []);

  // The same, one after the other.
  const content = logicalContent(bench.db);
  await using fresh = new ContactsBench();
  await fresh.readFrom(bench);
  await fresh.sync();
  deepEqual(logicalContent(fresh.db), content);
});

Deno.test("messages that come while contacts are synced are told at once, and who wrote them is named", async () => {
  const bench = withPeople();
  await using _ = bench;
  for (let n = 0; n < 3_000; n++) {
    bench.contacts.inOneCommit(
      "root",
      () => bench.card({ firstName: `P${n}`, emails: [`p${n}@example.com`] }),
    );
  }
  await bench.sync();
  bench.news();
  bench.clock.tick(25 * 3_600_000);
  const contacts = bench.syncContacts();
  const guid = bench.from("p7@example.com");
  await bench.syncMessages();
  const told = bench.news().map(({ event, data }) => [event, data["message"]?.guid ?? data["name"] ?? null]);
  ok(told.some(([event, what]) => event === "message.created" && what === guid), JSON.stringify(told));
  deepEqual(told[0], ["contact.created", "P7"]);
  await contacts;
  await bench.syncContacts();
  equal(bench.names()["p7@example.com"], "P7 (addressbook)");
});

Deno.test("people keep their names and merges when chat.db is replaced", async () => {
  await using bench = withPeople();
  await bench.sync();
  bench.news();
  const people = bench.people();
  bench.replaceMessages();
  bench.from(JANE_MAIL, "in the new file");
  await bench.sync();
  deepEqual(bench.people(), people);
  deepEqual(bench.names(), NAMED);
  deepEqual(
    bench.column("SELECT DISTINCT sender_id FROM messages WHERE is_from_me = 0 ORDER BY 1").length,
    2,
  );
  equal((await bench.syncContacts()).idle, true);
});

Deno.test("numbers on cards are read again once the region is known", async () => {
  await using bench = new ContactsBench({ region: null });
  bench.contacts.addStore({ store: CLOUD });
  bench.card({ firstName: "Lon", phones: ["020 7946 0958"] });
  bench.card({ store: CLOUD, firstName: "Code", phones: ["24273"] });
  await bench.sync();
  deepEqual(bench.column("SELECT identifier FROM address_book_identifiers WHERE national IS NOT NULL"), [
    "02079460958",
  ]);
  const address = "+442079460958";
  const chat = bench.messages.createChat({ address, country: "gb" });
  bench.messages.message({ chat: chat.guid, from: address, text: "hello" });
  await bench.sync();
  equal(bench.names()[address], "Lon (addressbook)");
  deepEqual(bench.column("SELECT identifier FROM address_book_identifiers WHERE national IS NOT NULL"), [
    address,
  ]);
});
