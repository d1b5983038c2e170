import assert from "node:assert/strict";
import { planContacts } from "../../src/people/contact_match.ts";
import { bestNames } from "../../src/people/contact_names.ts";
import { cardsOf, type CardText, ContactModel, settled } from "./support/contact_model.ts";

const P = "+15551230001";
const Q = "+15551230002";

const PREFERENCES: readonly (readonly [when: string, chosen: CardText, other: CardText])[] = [
  [
    "one is preferred for linked cards",
    { name: "Mum", preferred: true },
    { name: "Jane Quincy Doe", modified: 9 },
  ],
  ["one says more", { name: "Jane Doe", uid: "Z" }, { name: "Jane", modified: 9, uid: "A" }],
  ["one was changed later", { name: "Jim", modified: 2, uid: "Z" }, { name: "Jon", modified: 1, uid: "A" }],
  ["one has a date of change", { name: "Jim", modified: -1, uid: "Z" }, { name: "Jon", uid: "A" }],
  ["one has the first unique id", { name: "Jon", uid: "A" }, { name: "Jim", uid: "B" }],
  ["unique ids are equal in two stores", { name: "Jim", uid: "A" }, { name: "Jon", uid: "A" }],
  ["one has no name", { name: "Jim" }, { name: null, preferred: true, modified: 9 }],
];

for (const [when, chosen, other] of PREFERENCES) {
  Deno.test(`bestNames() takes the same card in any order when ${when}`, () => {
    for (const order of [[chosen, other], [other, chosen]]) {
      assert.equal(bestNames(cardsOf(order))?.name, chosen.name);
    }
  });
}

Deno.test("bestNames() takes nickname and organisation from the next card when the chosen one has none", () => {
  const cards: CardText[] = [
    { name: "Jo", nickname: "J", organization: "Fourth" },
    { name: "Jane Ann Doe", preferred: true },
    { name: "Jane Doe", nickname: "JD" },
    { name: "Jane", nickname: "Janie", organization: "Third" },
  ];
  const names = { name: "Jane Ann Doe", nickname: "JD", organization: "Third" };
  assert.deepEqual(bestNames(cardsOf(cards)), names);
  assert.deepEqual(bestNames(cardsOf(cards.toReversed())), names);
  const twins: CardText[] = [
    { uid: "A", name: "Jane", nickname: "J" },
    { uid: "A", name: "Jane", nickname: "K", organization: "ACME" },
    { uid: "A", name: "Jane", nickname: "J", organization: "Other" },
  ];
  assert.deepEqual(bestNames(cardsOf(twins)), bestNames(cardsOf(twins.toReversed())));
  assert.equal(bestNames(cardsOf([{ on: [P] }])), null);
  assert.equal(bestNames([]), null);
});

Deno.test("planContacts() gives a contact its card's names when it has none, and nothing the second time", () => {
  const model = settled([{ name: "Jane", nickname: "J", organization: "ACME", on: [P] }], [P, Q]);
  const { name, nameSource, nickname, organization } = model.contact(model.contactIdOf(P));
  assert.deepEqual([name, nameSource, nickname, organization], ["Jane", "addressbook", "J", "ACME"]);
  assert.deepEqual(model.plan().names, []);
});

Deno.test("planContacts() plans a name when only nickname or organisation differs", () => {
  const model = settled([{ name: "Jane", nickname: "J", on: [P] }], [P]);
  for (const [nickname, organization] of [["J", "ACME"], ["JJ", "ACME"], ["JJ", "Other"]] as const) {
    model.read([{ name: "Jane", nickname, organization, on: [P] }]);
    const contact = model.contact(model.contactIdOf(P));
    assert.deepEqual([contact.nickname, contact.organization], [nickname, organization]);
  }
});

Deno.test("planContacts() lets Mum → Jane through when the card says so", () => {
  const model = settled([{ name: "Mum", on: [P] }], [P]).read([{ name: "Jane", on: [P] }]);
  assert.deepEqual(model.people(), [`Jane <addressbook>: ${P}`]);
});

Deno.test("planContacts() keeps the last name when the card is deleted or its name is taken away", () => {
  for (const after of [[], [{ on: [P] }]]) {
    const model = settled([{ name: "Jane", nickname: "J", on: [P] }], [P]).read(after);
    assert.deepEqual(model.people(), [`Jane <addressbook_gone>: ${P}`]);
    assert.equal(model.contact(model.contactIdOf(P)).nickname, "J");
    model.read([{ name: "Jo", on: [P] }]);
    assert.deepEqual(model.people(), [`Jo <addressbook>: ${P}`]);
  }
});

Deno.test("planContacts() leaves the person's own name above all, until it is taken back", () => {
  const model = settled([{ name: "Jane", on: [P] }], [P, Q]);
  model.rename(P, "Boss");
  model.rename(Q, "Pal");
  model.read([{ name: "Jane Doe", nickname: "J", on: [P] }]);
  assert.deepEqual(model.people(), [`Boss <user>: ${P}`, `Pal <user>: ${Q}`]);
  assert.equal(model.contact(model.contactIdOf(P)).nickname, "J");
  model.read([{ name: "Ann", on: [P] }, { name: "Zoe", on: [P] }]);
  assert.deepEqual(model.people(), [`Boss <user>: ${P} (shared)`, `Pal <user>: ${Q}`]);
  model.read([{ name: "Jane Doe", on: [P] }]);
  for (const each of [P, Q]) model.rename(each, null);
  model.settle();
  assert.deepEqual(model.people(), [`<identifier>: ${Q}`, `Jane Doe <addressbook>: ${P}`]);
  assert.equal(model.contact(model.contactIdOf(Q)).name, Q);
});

Deno.test("planContacts() takes an empty choice for none, and names by the contact's own identifier then", () => {
  const model = settled([{ name: "Jane", on: [Q] }], [P, Q]).read([{ name: "Jane", on: [P, Q] }]);
  model.rename(P, " ");
  model.settle();
  assert.deepEqual(model.people(), [`Jane <addressbook>: ${P}, ${Q}`]);
  model.rename(P, "Pal");
  model.read([]);
  model.rename(P, null);
  model.settle();
  const { id, name } = model.contact(model.contactIdOf(P));
  assert.deepEqual([id, name], [3, Q]);
});

Deno.test("planContacts() leaves a placeholder in the spelling that it has", () => {
  const input = new ContactModel([{ name: "Ann", on: [P] }, { name: "Zoe", on: [P] }], [P]).input();
  const contacts = input.contacts.map((each) => each.isMe ? each : { ...each, name: "(555) 123-0001" });
  assert.deepEqual(planContacts({ ...input, contacts }).names, []);
});

Deno.test("planContacts() calls me as before when my own name is taken back and there is no me card", () => {
  const input = new ContactModel([], []).input();
  const contacts = input.contacts.map((each) => ({ ...each, name: "Boss", nameSource: "user" as const }));
  assert.deepEqual(planContacts({ ...input, contacts }).names.map(({ source }) => source), ["me"]);
});
