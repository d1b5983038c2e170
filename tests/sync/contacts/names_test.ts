/** What people are called as cards, and the person at the keyboard, change their minds. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import type { HeardEvent } from "../../support/sync_fixture.ts";
import { ContactsBench, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

const DAY_MS = 24 * 3_600_000;

/** Jane with one card and a chat, synced. */
async function withJane(firstName = "Mum", emails: readonly string[] = []): Promise<ContactsBench> {
  const bench = new ContactsBench();
  bench.card({ uniqueId: "J", firstName, phones: [JANE], emails });
  bench.from(JANE);
  for (const email of emails) bench.from(email);
  await bench.sync();
  bench.news();
  return bench;
}

function told(events: readonly HeardEvent[]): unknown[] {
  return events.map(({ event, data }) => [event, data["previous_name"] ?? null, data["name"] ?? null]);
}

function edit(bench: ContactsBench, fields: Readonly<Record<string, unknown>>): void {
  bench.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", ...fields });
}

Deno.test('"Mum" → "Jane" goes through to the 1:1 chat\'s name, and is told to all who follow either', async () => {
  await using bench = await withJane();
  const group = bench.messages.createGroup({ members: [JANE, OMAR], name: "Climbing" });
  bench.messages.message({ chat: group.guid, from: OMAR, text: "hello" });
  await bench.sync();
  bench.news();
  edit(bench, { firstName: "Jane" });
  await bench.syncContacts();
  deepEqual(bench.chatNames(), { [JANE]: "Jane" });
  const events = bench.news();
  deepEqual(told(events), [["contact.updated", "Mum", "Jane"], ["chat.updated", null, null]]);
  const contact = bench.contactOf(JANE);
  const chats = bench.column(
    `SELECT 'chat:' || chat_id FROM chat_participants WHERE contact_id = ${contact} ORDER BY chat_id`,
  );
  equal(chats.length, 2);
  deepEqual(events[0]?.topics, ["contacts", `contact:${contact}`, ...chats]);
  deepEqual(events[0]?.data["identifiers"], [JANE]);
  equal(events[0]?.data["update_type"], "name_updated");
  deepEqual(bench.column("SELECT chat_name FROM chats WHERE is_group = 1"), ["Climbing"]);
});

Deno.test("a card that was deleted leaves its name, and says so", async () => {
  await using bench = await withJane();
  bench.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
  await bench.syncContacts();
  equal(bench.names()[JANE], "Mum (addressbook_gone)");
  equal(bench.chatNames()[JANE], "Mum");
  deepEqual(bench.news(), []);
  bench.card({ firstName: "Jane", phones: [JANE] });
  await bench.syncContacts();
  equal(bench.names()[JANE], "Jane (addressbook)");
});

Deno.test("rename() stands above every card, and empty takes it back to the card's name", async () => {
  await using bench = await withJane();
  await bench.engine.contacts.rename(bench.contactOf(JANE), "Ma");
  deepEqual(told(bench.news()), [["contact.updated", "Mum", "Ma"], ["chat.updated", null, null]]);
  edit(bench, { firstName: "Jane" });
  await bench.syncContacts();
  equal(bench.names()[JANE], "Ma (user)");
  await bench.restart();
  bench.clock.tick(DAY_MS);
  await bench.sync();
  equal(bench.names()[JANE], "Ma (user)");
  bench.news();
  await bench.engine.contacts.rename(bench.contactOf(JANE), "");
  equal(bench.names()[JANE], "Jane (addressbook)");
  equal(bench.chatNames()[JANE], "Jane");
  deepEqual(told(bench.news()), [["contact.updated", "Ma", "Jane"], ["chat.updated", null, null]]);
  await rejects(bench.engine.contacts.rename(999, "x"), { code: "not_found" });
});

Deno.test('rename() to nothing gives a contact without a card its number again, and me "Me"', async () => {
  await using bench = await withJane();
  bench.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
  await bench.syncContacts();
  await bench.engine.contacts.rename(bench.contactOf(JANE), "Chosen");
  await bench.engine.contacts.rename(bench.contactOf(JANE), "");
  // One that an older version let in.
  bench.db.exec(
    "UPDATE contacts SET user_name = 'Chosen', name = 'Chosen', name_source = 'user' WHERE id = 1",
  );
  await bench.engine.contacts.rename(1, "");
  equal(bench.names()[JANE], `${JANE} (identifier)`);
  deepEqual(bench.rows("SELECT name, name_source FROM contacts WHERE id = 1"), [
    { name: "Me", name_source: "me" },
  ]);
});

Deno.test("rename() refuses a name for oneself", async () => {
  await using bench = await withJane();
  await rejects(
    bench.engine.contacts.rename(1, "Boss"),
    (error) => error instanceof LiveSyncError && error.code === "is_me",
  );
});

Deno.test("rename() and undo() are told before the first contact sync, and without an AddressBook, too", async () => {
  await using bench = new ContactsBench({ addressBook: false });
  bench.from(JANE);
  await bench.sync();
  equal(bench.storeStates()[bench.addressBook], "missing");
  await bench.engine.contacts.rename(bench.contactOf(JANE), "Ma");
  deepEqual(told(bench.news()), [["contact.updated", JANE, "Ma"], ["chat.updated", null, null]]);
  await bench.engine.contacts.rename(bench.contactOf(JANE), "");
  deepEqual(told(bench.news()), [["contact.updated", "Ma", JANE], ["chat.updated", null, null]]);
});

Deno.test("a name that was being taken back when the program ended is taken back at the next start", async () => {
  for (const step of ["contacts.follow.before", "contacts.names.before_commit"]) {
    let armed = false;
    await using bench = new ContactsBench({
      probe: (label) => {
        if (armed && label === step) throw new Error("power cut");
      },
    });
    bench.card({ firstName: "Mum", phones: [JANE] });
    bench.from(JANE);
    await bench.sync();
    await bench.engine.contacts.rename(bench.contactOf(JANE), "Ma");
    armed = true;
    await rejects(bench.engine.contacts.rename(bench.contactOf(JANE), ""), { message: "power cut" });
    armed = false;
    await bench.restart();
    await bench.sync();
    equal(bench.names()[JANE], "Mum (addressbook)", step);
    equal(bench.chatNames()[JANE], "Mum");
  }
});

Deno.test("a person's undo stands against later syncs, restarts and full readings", async () => {
  await using bench = await withJane("Jane", [JANE_MAIL]);
  deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
  await bench.engine.contacts.undo(bench.lastMerge);
  const [unmerged] = bench.news();
  equal(unmerged?.event, "contact.unmerged");
  const apart = { [JANE]: "Jane (addressbook)", [JANE_MAIL]: `${JANE_MAIL} (identifier)` };
  deepEqual(bench.names(), apart);
  for (let again = 0; again < 3; again++) {
    edit(bench, { lastName: `Name${again}` });
    bench.clock.tick(DAY_MS);
    await bench.sync();
    deepEqual(bench.people(), []);
    equal(bench.names()[JANE_MAIL], apart[JANE_MAIL]);
    await bench.restart();
  }
  await rejects(bench.engine.contacts.undo(bench.lastMerge), { code: "already_undone" });
  await rejects(bench.engine.contacts.undo(99), { code: "not_found" });
});

for (const between of ["nothing", "rename", "card renamed", "card gone"] as const) {
  Deno.test(`undo() takes the card's name from whom it splits off, who had it before the merge (since: ${between})`, async () => {
    await using bench = new ContactsBench();
    // Each is named by a card of its own before one card says that they are one.
    bench.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
    bench.card({ uniqueId: "K", firstName: "Jane", emails: [JANE_MAIL] });
    bench.from(JANE);
    bench.from(JANE_MAIL);
    await bench.sync();
    deepEqual(bench.people(), []);
    bench.contacts.inOneCommit(ROOT_STORE, () => {
      bench.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "K" });
      edit(bench, { emails: [JANE_MAIL] });
    });
    await bench.syncContacts();
    deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
    if (between === "rename") await bench.engine.contacts.rename(bench.contactOf(JANE), "Ma");
    if (between === "card renamed") edit(bench, { firstName: "Joan" });
    if (between === "card gone") bench.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
    await bench.syncContacts();
    await bench.engine.contacts.undo(bench.lastMerge);
    await bench.syncContacts();
    equal(bench.names()[JANE_MAIL], `${JANE_MAIL} (identifier)`);
    equal(bench.chatNames()[JANE_MAIL], JANE_MAIL);
  });
}

Deno.test("undo() leaves the name that whom it splits off had from another card", async () => {
  await using bench = new ContactsBench();
  bench.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  bench.card({ uniqueId: "K", firstName: "Kim", emails: [JANE_MAIL] });
  bench.from(JANE);
  bench.from(JANE_MAIL);
  await bench.sync();
  bench.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "K" });
  await bench.syncContacts();
  edit(bench, { emails: [JANE_MAIL] });
  await bench.syncContacts();
  deepEqual(bench.people(), [[JANE, JANE_MAIL]]);
  await bench.engine.contacts.undo(bench.lastMerge);
  deepEqual(bench.names(), { [JANE]: "Jane (addressbook)", [JANE_MAIL]: "Kim (addressbook_gone)" });
});

Deno.test("one sync tells splits first, then merges, then names", async () => {
  await using bench = await withJane("Jane", [JANE_MAIL]);
  bench.from(OMAR);
  bench.from("+15550100003");
  bench.card({ uniqueId: "O", firstName: "Omar", phones: [OMAR] });
  await bench.sync();
  bench.news();
  bench.contacts.inOneCommit(ROOT_STORE, () => {
    edit(bench, { firstName: "Joan", emails: [] });
    bench.contacts.editCard({
      store: ROOT_STORE,
      uniqueId: "O",
      phones: [OMAR, "+15550100003"],
      emails: [JANE_MAIL],
    });
  });
  await bench.syncContacts();
  const order = ["contact.unmerged", "contact.merged", "contact.updated"];
  const places = bench.news().map(({ event }) => order.indexOf(event)).filter((place) => place >= 0);
  deepEqual(places, [...places].sort());
  deepEqual(new Set(places), new Set([0, 1, 2]));
});
