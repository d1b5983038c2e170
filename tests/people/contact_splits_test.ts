/** What takes merges back: a person's undo, and cards that no longer bear them out. */
import assert from "node:assert/strict";
import { planContacts } from "../../src/people/contact_match.ts";
import { cardsOf, type CardText, ContactModel, settled } from "./support/contact_model.ts";

const P = "+15551230001";
const Q = "+15551230002";
const R = "+15551230003";
const MAIL = "jane@example.com";

Deno.test("planContacts() does not merge again when a person took two apart; the card stays with the other one", () => {
  const model = settled([{ name: "Jane", on: [P, Q, R] }], [P, Q, R]);
  const [merge] = model.merges.filter(({ fromId }) => fromId === 3);
  model.undo(merge?.id ?? 0);
  assert.equal(model.settle(), 0);
  assert.deepEqual(model.people(), [`Jane <addressbook>: ${P}, ${R}`, `<identifier>: ${Q}`].sort());
  model.read([{ name: "Jane Doe", on: [P, Q, R] }]);
  assert.deepEqual(model.people(), [`Jane Doe <addressbook>: ${P}, ${R}`, `<identifier>: ${Q}`].sort());
  // With a card of its own it has a name again.
  model.read([{ name: "Jane Doe", on: [P, R] }, { name: "Zoe", on: [Q] }]);
  assert.deepEqual(model.people(), [`Jane Doe <addressbook>: ${P}, ${R}`, `Zoe <addressbook>: ${Q}`].sort());
});

Deno.test("planContacts() minds a veto when the contact that it speaks of was merged further", () => {
  const model = settled([{ name: "Jane", on: [Q, R] }], [P, Q, R]);
  model.read([{ name: "Jane", on: [P, Q, R] }]);
  const [merge] = model.merges.filter(({ fromId }) => fromId === 2);
  model.undo(merge?.id ?? 0);
  model.hear(MAIL);
  model.read([{ name: "Jane", on: [Q, R] }, { name: "Kim", on: [P, MAIL] }]);
  assert.deepEqual(
    model.people(),
    [`Jane <addressbook>: ${Q}, ${R}`, `Kim <addressbook>: ${P}, ${MAIL}`].sort(),
  );
  model.read([{ name: "Jane", on: [P, Q, R, MAIL] }]);
  assert.notEqual(model.contactIdOf(P), model.contactIdOf(Q));
});

interface SplitCase {
  readonly when: string;
  readonly before: readonly CardText[];
  readonly after: readonly CardText[];
  readonly people: readonly string[];
  readonly reasons: readonly string[];
}

const SPLITS: SplitCase[] = [
  {
    when: "a number moves to another card",
    before: [{ name: "Ann", on: [P, Q] }],
    after: [{ name: "Ann", on: [P] }, { name: "Zoe", on: [Q] }],
    people: [`Ann <addressbook>: ${P}`, `Zoe <addressbook>: ${Q}`],
    reasons: ["other_card"],
  },
  {
    when: "the number of the contact that all are merged into moves",
    before: [{ name: "Ann", on: [P, Q, R] }],
    after: [{ name: "Zoe", on: [P] }, { name: "Ann", on: [Q, R] }],
    people: [`Zoe <addressbook>: ${P}`, `Ann <addressbook>: ${Q}, ${R}`],
    reasons: ["other_card", "other_card"],
  },
  {
    when: "a number turns out to be shared",
    before: [{ name: "Ann", on: [P, Q] }],
    after: [{ name: "Ann", on: [P, Q] }, { name: "Zoe", on: [Q] }],
    people: [`Ann <addressbook>: ${P}`, `<identifier>: ${Q} (shared)`],
    reasons: ["shared_identifier"],
  },
  {
    when: "the number of the contact that all are merged into turns out to be shared",
    before: [{ name: "Ann", on: [P, Q, R] }],
    after: [{ name: "Ann", on: [P, Q, R] }, { name: "Zoe", on: [P] }],
    people: [`<identifier>: ${P} (shared)`, `Ann <addressbook>: ${Q}, ${R}`],
    reasons: ["shared_identifier", "shared_identifier"],
  },
  {
    when: "a card turns out to be mine",
    before: [{ name: "Jay", on: [P, Q] }],
    after: [{ name: "Jay", me: true, on: [P, Q] }],
    people: [`Jay <addressbook>: ${P}`, `Jay <addressbook>: ${Q}`],
    reasons: ["other_card"],
  },
  {
    when: "a card without a name gets a second neighbour",
    before: [{ name: "Ann", on: [P] }, { on: [P, Q, R] }],
    after: [{ name: "Ann", on: [P] }, { on: [P, Q, R] }, { name: "Zoe", on: [R] }],
    people: [`Ann <addressbook>: ${P}`, `Zoe <addressbook>: ${R}`, `<identifier>: ${Q}`],
    reasons: ["other_card", "other_card"],
  },
];

for (const { when, before, after, people, reasons } of SPLITS) {
  Deno.test(`planContacts() takes a merge back when ${when}`, () => {
    const model = settled(before, [P, Q, R]);
    model.cards = new ContactModel(after, []).cards;
    assert.deepEqual(model.plan().splits.map(({ reason }) => reason), reasons);
    assert.equal(model.settle(), 1);
    const told = people.join().includes(R) ? people : [...people, `<identifier>: ${R}`];
    assert.deepEqual(model.people(), told.toSorted());
    assert.deepEqual(model.vetoes, []);
  });
}

Deno.test("planContacts() splits what an older merge brought along when that is another person's", () => {
  const model = settled([{ name: "Ann", on: [Q, R] }], [P, Q, R]);
  model.rename(P, "Boss");
  model.read([{ name: "Ann", on: [P, Q, R] }]);
  assert.deepEqual(model.merges.map(({ fromId, intoId }) => [fromId, intoId]), [[4, 3], [3, 2]]);
  model.read([{ name: "Ann", on: [P, R] }, { name: "Zoe", on: [Q] }]);
  assert.deepEqual(model.people(), [`Boss <user>: ${P}, ${R}`, `Zoe <addressbook>: ${Q}`].sort());
});

Deno.test("planContacts() takes one merge back when all but one identifier stay with the contact", () => {
  const model = settled([{ name: "Ann", on: [R] }], [P, Q, R]).read([{ name: "Ann", on: [P, Q, R] }]);
  assert.equal(model.contactIdOf(P), 4);
  model.cards = cardsOf([{ name: "Zoe", on: [P] }, { name: "Ann", on: [Q, R] }]);
  assert.equal(model.plan().splits.length, 1);
});

Deno.test("planContacts() leaves a contact its card when a veto speaks of what is together", () => {
  const model = settled([{ name: "Ann", on: [P, Q] }], [P, Q]);
  model.vetoes.push({ fromId: 3, intoId: 2 });
  assert.equal(model.settle(), 0);
});

Deno.test("planContacts() leaves a merge as it is when a number is only taken off its card", () => {
  const model = settled([{ name: "Ann", on: [P, Q] }], [P, Q]).read([{ name: "Ann", on: [P] }]);
  assert.deepEqual(model.people(), [`Ann <addressbook>: ${P}, ${Q}`]);
  model.read([]);
  assert.deepEqual(model.people(), [`Ann <addressbook_gone>: ${P}, ${Q}`]);
});

Deno.test("planContacts() looks at each merge once when merges contradict each other", () => {
  const input = new ContactModel([{ name: "Ann", on: [P] }, { name: "Zoe", on: [Q] }], [P, Q]).input();
  const merges = [
    { id: 1, fromId: 3, intoId: 2 },
    { id: 2, fromId: 2, intoId: 3 },
    { id: 3, fromId: 3, intoId: 4 },
    { id: 4, fromId: 4, intoId: 4 },
  ];
  assert.deepEqual(planContacts({ ...input, merges }).splits, [{ mergeId: 1, reason: "other_card" }]);
});
