/** What people are called as cards, and the person at the keyboard, change their minds. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import type { HeardEvent } from "../../support/sync_fixture.ts";
import { ContactsFixture, JANE, JANE_MAIL, OMAR } from "./support/contacts_fixture.ts";

const DAY_MS = 24 * 3_600_000;

/** Jane with one card and a chat, synced. */
async function withJane(firstName = "Mum", emails: readonly string[] = []): Promise<ContactsFixture> {
  const fixture = new ContactsFixture();
  fixture.card({ uniqueId: "J", firstName, phones: [JANE], emails });
  fixture.from(JANE);
  for (const email of emails) fixture.from(email);
  await fixture.sync();
  fixture.news();
  return fixture;
}

function told(events: readonly HeardEvent[]): unknown[] {
  return events.map(({ event, data }) => [event, data["previous_name"] ?? null, data["name"] ?? null]);
}

function edit(fixture: ContactsFixture, fields: Readonly<Record<string, unknown>>): void {
  fixture.contacts.editCard({ store: ROOT_STORE, uniqueId: "J", ...fields });
}

Deno.test('"Mum" → "Jane" goes through to the 1:1 chat\'s name, and is told to all who follow either', async () => {
  await using fixture = await withJane();
  const group = fixture.messages.createGroup({ members: [JANE, OMAR], name: "Climbing" });
  fixture.messages.message({ chat: group.guid, from: OMAR, text: "hello" });
  await fixture.sync();
  fixture.news();
  edit(fixture, { firstName: "Jane" });
  await fixture.syncContacts();
  deepEqual(fixture.chatNames(), { [JANE]: "Jane" });
  const events = fixture.news();
  deepEqual(told(events), [["contact.updated", "Mum", "Jane"], ["chat.updated", null, null]]);
  const contact = fixture.contactOf(JANE);
  const chats = fixture.column(
    `SELECT 'chat:' || chat_id FROM chat_participants WHERE contact_id = ${contact} ORDER BY chat_id`,
  );
  equal(chats.length, 2);
  deepEqual(events[0]?.topics, ["contacts", `contact:${contact}`, ...chats]);
  deepEqual(events[0]?.data["identifiers"], [JANE]);
  equal(events[0]?.data["update_type"], "name_updated");
  deepEqual(fixture.column("SELECT chat_name FROM chats WHERE is_group = 1"), ["Climbing"]);
});

Deno.test("a card that was deleted leaves its name, and says so", async () => {
  await using fixture = await withJane();
  fixture.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
  await fixture.syncContacts();
  equal(fixture.names()[JANE], "Mum (addressbook_gone)");
  equal(fixture.chatNames()[JANE], "Mum");
  deepEqual(fixture.news(), []);
  fixture.card({ firstName: "Jane", phones: [JANE] });
  await fixture.syncContacts();
  equal(fixture.names()[JANE], "Jane (addressbook)");
});

Deno.test("rename() stands above every card, and empty takes it back to the card's name", async () => {
  await using fixture = await withJane();
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "Ma");
  deepEqual(told(fixture.news()), [["contact.updated", "Mum", "Ma"], ["chat.updated", null, null]]);
  edit(fixture, { firstName: "Jane" });
  await fixture.syncContacts();
  equal(fixture.names()[JANE], "Ma (user)");
  await fixture.restart();
  fixture.clock.tick(DAY_MS);
  await fixture.sync();
  equal(fixture.names()[JANE], "Ma (user)");
  fixture.news();
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "");
  equal(fixture.names()[JANE], "Jane (addressbook)");
  equal(fixture.chatNames()[JANE], "Jane");
  deepEqual(told(fixture.news()), [["contact.updated", "Ma", "Jane"], ["chat.updated", null, null]]);
  await rejects(fixture.engine.contacts.rename(999, "x"), { code: "not_found" });
});

Deno.test('rename() to nothing gives a contact without a card its number again, and me "Me"', async () => {
  await using fixture = await withJane();
  fixture.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
  await fixture.syncContacts();
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "Chosen");
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "");
  // One that an older version let in.
  fixture.db.exec(
    "UPDATE contacts SET user_name = 'Chosen', name = 'Chosen', name_source = 'user' WHERE id = 1",
  );
  await fixture.engine.contacts.rename(1, "");
  equal(fixture.names()[JANE], `${JANE} (identifier)`);
  deepEqual(fixture.rows("SELECT name, name_source FROM contacts WHERE id = 1"), [
    { name: "Me", name_source: "me" },
  ]);
});

Deno.test("rename() refuses a name for oneself", async () => {
  await using fixture = await withJane();
  await rejects(
    fixture.engine.contacts.rename(1, "Boss"),
    (error) => error instanceof LiveSyncError && error.code === "is_me",
  );
});

Deno.test("rename() and undo() are told before the first contact sync, and without an AddressBook, too", async () => {
  await using fixture = new ContactsFixture({ addressBook: false });
  fixture.from(JANE);
  await fixture.sync();
  equal(fixture.storeStates()[fixture.addressBook], "missing");
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "Ma");
  deepEqual(told(fixture.news()), [["contact.updated", JANE, "Ma"], ["chat.updated", null, null]]);
  await fixture.engine.contacts.rename(fixture.contactOf(JANE), "");
  deepEqual(told(fixture.news()), [["contact.updated", "Ma", JANE], ["chat.updated", null, null]]);
});

Deno.test("a name that was being taken back when the program ended is taken back at the next start", async () => {
  for (const step of ["contacts.follow.before", "contacts.names.before_commit"]) {
    let armed = false;
    await using fixture = new ContactsFixture({
      probe: (label) => {
        if (armed && label === step) throw new Error("power cut");
      },
    });
    fixture.card({ firstName: "Mum", phones: [JANE] });
    fixture.from(JANE);
    await fixture.sync();
    await fixture.engine.contacts.rename(fixture.contactOf(JANE), "Ma");
    armed = true;
    await rejects(fixture.engine.contacts.rename(fixture.contactOf(JANE), ""), { message: "power cut" });
    armed = false;
    await fixture.restart();
    await fixture.sync();
    equal(fixture.names()[JANE], "Mum (addressbook)", step);
    equal(fixture.chatNames()[JANE], "Mum");
  }
});

Deno.test("a person's undo stands against later syncs, restarts and full readings", async () => {
  await using fixture = await withJane("Jane", [JANE_MAIL]);
  deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
  await fixture.engine.contacts.undo(fixture.lastMerge);
  const [unmerged] = fixture.news();
  equal(unmerged?.event, "contact.unmerged");
  const apart = { [JANE]: "Jane (addressbook)", [JANE_MAIL]: `${JANE_MAIL} (identifier)` };
  deepEqual(fixture.names(), apart);
  for (let again = 0; again < 3; again++) {
    edit(fixture, { lastName: `Name${again}` });
    fixture.clock.tick(DAY_MS);
    await fixture.sync();
    deepEqual(fixture.people(), []);
    equal(fixture.names()[JANE_MAIL], apart[JANE_MAIL]);
    await fixture.restart();
  }
  await rejects(fixture.engine.contacts.undo(fixture.lastMerge), { code: "already_undone" });
  await rejects(fixture.engine.contacts.undo(99), { code: "not_found" });
});

for (const between of ["nothing", "rename", "card renamed", "card gone"] as const) {
  Deno.test(`undo() takes the card's name from whom it splits off, who had it before the merge (since: ${between})`, async () => {
    await using fixture = new ContactsFixture();
    // Each is named by a card of its own before one card says that they are one.
    fixture.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
    fixture.card({ uniqueId: "K", firstName: "Jane", emails: [JANE_MAIL] });
    fixture.from(JANE);
    fixture.from(JANE_MAIL);
    await fixture.sync();
    deepEqual(fixture.people(), []);
    fixture.contacts.inOneCommit(ROOT_STORE, () => {
      fixture.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "K" });
      edit(fixture, { emails: [JANE_MAIL] });
    });
    await fixture.syncContacts();
    deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
    if (between === "rename") await fixture.engine.contacts.rename(fixture.contactOf(JANE), "Ma");
    if (between === "card renamed") edit(fixture, { firstName: "Joan" });
    if (between === "card gone") fixture.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "J" });
    await fixture.syncContacts();
    await fixture.engine.contacts.undo(fixture.lastMerge);
    await fixture.syncContacts();
    equal(fixture.names()[JANE_MAIL], `${JANE_MAIL} (identifier)`);
    equal(fixture.chatNames()[JANE_MAIL], JANE_MAIL);
  });
}

Deno.test("undo() leaves the name that whom it splits off had from another card", async () => {
  await using fixture = new ContactsFixture();
  fixture.card({ uniqueId: "J", firstName: "Jane", phones: [JANE] });
  fixture.card({ uniqueId: "K", firstName: "Kim", emails: [JANE_MAIL] });
  fixture.from(JANE);
  fixture.from(JANE_MAIL);
  await fixture.sync();
  fixture.contacts.deleteCard({ store: ROOT_STORE, uniqueId: "K" });
  await fixture.syncContacts();
  edit(fixture, { emails: [JANE_MAIL] });
  await fixture.syncContacts();
  deepEqual(fixture.people(), [[JANE, JANE_MAIL]]);
  await fixture.engine.contacts.undo(fixture.lastMerge);
  deepEqual(fixture.names(), { [JANE]: "Jane (addressbook)", [JANE_MAIL]: "Kim (addressbook_gone)" });
});

Deno.test("one sync tells splits first, then merges, then names", async () => {
  await using fixture = await withJane("Jane", [JANE_MAIL]);
  fixture.from(OMAR);
  fixture.from("+15550100003");
  fixture.card({ uniqueId: "O", firstName: "Omar", phones: [OMAR] });
  await fixture.sync();
  fixture.news();
  fixture.contacts.inOneCommit(ROOT_STORE, () => {
    edit(fixture, { firstName: "Joan", emails: [] });
    fixture.contacts.editCard({
      store: ROOT_STORE,
      uniqueId: "O",
      phones: [OMAR, "+15550100003"],
      emails: [JANE_MAIL],
    });
  });
  await fixture.syncContacts();
  const order = ["contact.unmerged", "contact.merged", "contact.updated"];
  const places = fixture.news().map(({ event }) => order.indexOf(event)).filter((place) => place >= 0);
  deepEqual(places, [...places].sort());
  deepEqual(new Set(places), new Set([0, 1, 2]));
});
