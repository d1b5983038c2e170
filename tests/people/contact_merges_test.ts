/** Into whom, and why: what a planned merge says. */
import assert from "node:assert/strict";
import { planContacts } from "../../src/people/contact_match.ts";
import { cardsOf, type CardText, ContactModel, ME, settled } from "./support/contact_model.ts";

const P = "+15551230001";
const Q = "+15551230002";
const R = "+15551230003";
const HOME = "+15551239999";
const LONDON = "+442079460000";

Deno.test("planContacts() says which cards and identifiers bear a merge out when it plans one", () => {
  const cards: CardText[] = [
    { uid: "B", name: "Jane", on: [HOME, Q] },
    { uid: "A", name: "Jane", on: [P, HOME] },
    { uid: "C", name: "Jane", link: "L", on: [Q] },
    { uid: "D", link: "L", on: [{ number: "02079460000", national: "2079460000" }] },
  ];
  const model = new ContactModel(cards, [P, Q, LONDON]);
  assert.deepEqual(model.plan().merges, [
    { fromId: 3, intoId: 2, reason: "same_name", evidence: { cards: ["A", "B"], identifiers: [1, 2] } },
    {
      fromId: 4,
      intoId: 2,
      reason: "same_name",
      evidence: { cards: ["A", "D"], identifiers: [1, 3], national: [3] },
    },
  ]);
  // A card without a name that stands back says nothing.
  const between: CardText[] = [
    { uid: "A", on: [P, Q, R] },
    { uid: "B", name: "Ann", on: [P, Q] },
    { name: "Zoe", on: [R] },
  ];
  assert.deepEqual(new ContactModel(between, [P, Q, R]).plan().merges[0]?.evidence.cards, ["B"]);
  const linked = new ContactModel(cards.slice(2), [Q, LONDON]);
  assert.deepEqual(linked.plan().merges[0]?.evidence, {
    cards: ["C", "D"],
    identifiers: [1, 2],
    national: [2],
  });
});

Deno.test("planContacts() names only what stands on the one card when two stores have the same unique id", () => {
  const cards: CardText[] = [{ uid: "A", name: "Jane", on: [Q, R] }, { uid: "B", name: "Jane", on: [P, Q] }];
  const model = settled(cards.slice(0, 1), [P, Q, R]);
  model.read([]);
  const evidence = (texts: readonly CardText[]) => {
    model.cards = cardsOf(texts);
    return model.plan().merges.map((merge) => merge.evidence);
  };
  assert.deepEqual(evidence(cards), [{ cards: ["B"], identifiers: [1, 2] }]);
  const twins: CardText[] = [{ uid: "A", name: "Jane", on: [P, Q] }, {
    uid: "A",
    name: "Jane",
    on: [P, Q, R],
  }];
  assert.deepEqual(evidence(twins), evidence(twins.toReversed()));
});

Deno.test("planContacts() merges nothing into me, nor what can't be parted, when the database holds such rows", () => {
  const input = new ContactModel([{ name: "Ann", on: [P, R] }, { name: "Zoe", on: [Q] }], [P, Q, R]).input();
  const withOrigins = (origins: readonly number[]) => ({
    ...input,
    identifiers: input.identifiers.map((each, at) => ({ ...each, originId: origins[at] ?? 0 })),
  });
  assert.equal(planContacts(input).merges.length, 1);
  assert.deepEqual(planContacts(withOrigins([ME, 3, 4])).merges, []);
  assert.deepEqual(planContacts(withOrigins([3, 3, 4])).merges, []);
  const shared = [...input.cards, ...cardsOf([{ name: "Ann", on: [Q] }])];
  assert.deepEqual(planContacts({ ...withOrigins([3, 3, 4]), cards: shared }).merges, []);
});

Deno.test("planContacts() keeps the contact that has a name when it merges", () => {
  const model = settled([{ name: "Jane", on: [R] }], [P, Q, R]);
  model.read([{ name: "Jane", on: [P, Q, R] }]);
  assert.equal(model.contactIdOf(P), 4);
  assert.equal(model.contactIdOf(Q), 4);

  const chosen = settled([{ name: "Jane", on: [P] }], [P, Q]);
  chosen.rename(Q, "Janie");
  chosen.read([{ name: "Jane", on: [P, Q] }]);
  assert.equal(chosen.contactIdOf(P), 3);

  const gone = settled([{ name: "Jane", on: [Q] }], [P, Q]).read([]).read([{ on: [P, Q] }]);
  assert.deepEqual(gone.people(), [`Jane <addressbook_gone>: ${P}, ${Q}`]);
});

Deno.test("planContacts() merges nobody when a person gave the two different names", () => {
  const model = settled([], [P, Q, R]);
  model.rename(P, "Ann");
  model.rename(Q, "Zoe");
  model.read([{ name: "Jane", on: [P, Q, R] }]);
  assert.deepEqual(model.people(), [`Ann <user>: ${P}, ${R}`, `Zoe <user>: ${Q}`].sort());

  const same = settled([], [P, Q]);
  for (const each of [P, Q]) same.rename(each, "Ann");
  same.read([{ name: "Jane", on: [P, Q] }]);
  assert.deepEqual(same.people(), [`Ann <user>: ${P}, ${Q}`]);
});
