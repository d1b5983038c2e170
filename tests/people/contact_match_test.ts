/** One test per rule of who is one person, and per "never"; the names have a file of their own. */
import assert from "node:assert/strict";
import { isEmptyPlan, planContacts, planContactsInSlices } from "../../src/people/contact_match.ts";
import { type CardText, ContactModel, ME, settled } from "./support/contact_model.ts";

const P = "+15551230001";
const Q = "+15551230002";
const R = "+15551230003";
const HOME = "+15551239999";
const MAIL = "jane@example.com";
const LONDON = "+442079460000";
/** The same national digits in another country. */
const NEW_YORK = "+12079460000";

interface Case {
  readonly when: string;
  readonly cards: readonly CardText[];
  readonly handles: readonly string[];
  readonly people: readonly string[];
  readonly reasons?: readonly string[];
}

function check({ when, cards, handles, people, reasons = [] }: Case): void {
  const named = cards.map((card, at) => ({ uid: `CARD-${at}`, ...card }));
  for (const order of [named, named.toReversed()]) {
    const model = settled(order, handles);
    assert.deepEqual(model.people(), people.toSorted(), when);
    assert.deepEqual(model.merges.map(({ reason }) => reason), reasons, when);
    assert.equal(model.contact(ME).isMe, true);
  }
}

const ONE_PERSON: Case[] = [
  {
    when: "a card has three identifiers",
    cards: [{ name: "Jane", on: [P, Q, MAIL] }],
    handles: [P, Q, MAIL],
    people: [`Jane <addressbook>: ${P}, ${Q}, ${MAIL}`],
    reasons: ["one_card", "one_card"],
  },
  {
    when: "cards are linked, whatever their names",
    cards: [{ name: "Jane Doe", link: "L", on: [P] }, { name: "Mum", link: "L", on: [Q], preferred: true }],
    handles: [P, Q],
    people: [`Mum <addressbook>: ${P}, ${Q}`],
    reasons: ["linked_cards"],
  },
  {
    when: "the same card is in iCloud and Google",
    cards: [{ name: "Jane Doe", on: [P, HOME] }, { name: "jane  doe", on: [HOME, Q] }],
    handles: [P, Q],
    people: [`Jane Doe <addressbook>: ${P}, ${Q}`],
    reasons: ["same_name"],
  },
  {
    when: "one name of a linked set stands on a card that shares an identifier with it",
    cards: [
      { name: "Mum", link: "L", on: [P] },
      { name: "Jane", link: "L", on: [MAIL] },
      { name: "Jane", on: [P, Q] },
    ],
    handles: [Q, MAIL],
    people: [`Jane <addressbook>: ${Q}, ${MAIL}`],
    reasons: ["same_name"],
  },
  {
    when: "names are equal only once a group has grown",
    cards: [
      { name: "Jane", on: [Q, R] },
      { name: "Mum", on: [P, Q] },
      { name: "Mum", link: "L", on: [P] },
      { name: "Jane", link: "L", on: [MAIL] },
    ],
    handles: [P, R, MAIL],
    people: [`Jane <addressbook>: ${P}, ${R}, ${MAIL}`],
    reasons: ["same_name", "linked_cards"],
  },
  {
    when: "a card without a name has one neighbour, though over another such card",
    cards: [{ name: "Jane", on: [P] }, { on: [P, Q] }, { on: [Q, R] }],
    handles: [P, R],
    people: [`Jane <addressbook>: ${P}, ${R}`],
    reasons: ["nameless_on_card"],
  },
  {
    when: "no card that holds them has a name",
    cards: [{ on: [P, Q] }, { on: [Q, R] }],
    handles: [P, Q, R],
    people: [`<identifier>: ${P}, ${Q}, ${R}`],
    reasons: ["one_card", "nameless_on_card"],
  },
  {
    when: "a card has one of its numbers without a country code",
    cards: [{ name: "Jane", on: [{ number: "02079460000", national: "2079460000" }, MAIL] }],
    handles: [LONDON, MAIL],
    people: [`Jane <addressbook>: ${LONDON}, ${MAIL}`],
    reasons: ["one_card"],
  },
];

for (const each of ONE_PERSON) {
  Deno.test(`planContacts() makes one person when ${each.when}`, () => check(each));
}

const NEVER: Case[] = [
  {
    when: "two John Smiths have equal names alone",
    cards: [{ name: "John Smith", on: [P] }, { name: "John Smith", on: [Q] }],
    handles: [P, Q],
    people: [`John Smith <addressbook>: ${P}`, `John Smith <addressbook>: ${Q}`],
  },
  {
    when: "a wife and a daughter share a home phone",
    cards: [{ name: "Ann", on: [HOME, P] }, { name: "Zoe", on: [HOME, Q] }],
    handles: [HOME, P, Q],
    people: [`<identifier>: ${HOME} (shared)`, `Ann <addressbook>: ${P}`, `Zoe <addressbook>: ${Q}`],
  },
  {
    when: "a card without a name stands between two people, and it bridges nobody",
    cards: [{ name: "Ann", on: [P] }, { name: "Zoe", on: [Q] }, { on: [P, Q, R] }],
    handles: [P, Q, R],
    people: [`Ann <addressbook>: ${P}`, `Zoe <addressbook>: ${Q}`, `<identifier>: ${R}`],
  },
  {
    when: "a card without a name stands between two people of one name",
    cards: [{ name: "John Smith", on: [P] }, { name: "John Smith", on: [Q] }, { on: [P, Q] }],
    handles: [P, Q],
    people: [`John Smith <addressbook>: ${P}`, `John Smith <addressbook>: ${Q}`],
  },
  {
    when: "two cards without a name chain two people",
    cards: [{ name: "Ann", on: [P] }, { on: [P, R] }, { on: [R, Q] }, { name: "Zoe", on: [Q] }],
    handles: [P, Q, R],
    people: [`Ann <addressbook>: ${P}`, `Zoe <addressbook>: ${Q}`, `<identifier>: ${R}`],
  },
  {
    when: "numbers stand on the me card",
    cards: [{ name: "Jay", me: true, on: [P, Q] }],
    handles: [P, Q, R],
    people: [`Jay <addressbook>: ${P}`, `Jay <addressbook>: ${Q}`, `<identifier>: ${R}`],
  },
  {
    when: "a short code ends like another number",
    cards: [{ name: "Bank", on: ["12345"] }, { name: "Ann", on: ["+15551212345"] }],
    handles: ["12345", "212345"],
    people: ["Bank <addressbook>: 12345", "<identifier>: 212345"],
  },
  {
    when: "urn:biz: handles and senders' names are not exactly what a card has",
    cards: [{ name: "Shop", on: ["urn:biz:1"] }, { name: "Bank", on: ["BANK"] }],
    handles: ["urn:biz:1", "urn:biz:12", "bank"],
    people: ["Shop <addressbook>: urn:biz:1", "<identifier>: urn:biz:12", "<identifier>: bank"],
  },
  {
    when: "only the last digits are equal",
    cards: [{ name: "Ann", on: [{ number: "5551230001", national: "5551230001" }] }],
    handles: ["+13451230001"],
    people: ["<identifier>: +13451230001"],
  },
  {
    when: "+1 and +44 have the same national digits",
    cards: [{ name: "Ann", on: [LONDON, P] }],
    handles: [NEW_YORK, P],
    people: [`<identifier>: ${NEW_YORK}`, `Ann <addressbook>: ${P}`],
  },
  {
    when: "a company alone has another's number as well",
    cards: [{ name: "ACME", organization: "ACME", on: [P] }],
    handles: [P, Q],
    people: [`ACME <addressbook>: ${P}`, `<identifier>: ${Q}`],
  },
];

for (const each of NEVER) {
  Deno.test(`planContacts() merges nobody when ${each.when}`, () => check(each));
}

Deno.test("planContacts() names me by the me card when there is one, and merges nothing with me", () => {
  const model = settled([{ name: "Jay", me: true, on: [P] }, { name: "Jay", on: [P, Q] }], [P, Q]);
  assert.deepEqual([model.contact(ME).name, model.contact(ME).nameSource], ["Jay", "addressbook"]);
  assert.deepEqual(model.merges, []);
  model.read([]);
  assert.deepEqual([model.contact(ME).name, model.contact(ME).nameSource], ["Jay", "addressbook_gone"]);
});

Deno.test("planContacts() calls me nobody else's name when a me card without a name comes to stand between two people", () => {
  const two: CardText[] = [{ name: "Ann", nickname: "A", on: [P] }, { me: true, on: [P] }];
  for (const between of [[{ name: "Zoe", on: [P] }], [{ on: [P, Q] }, { name: "Zoe", on: [Q] }]]) {
    const model = settled(two, [P]).read([...two, ...between]);
    assert.deepEqual(model.contact(ME), settled([...two, ...between], [P]).contact(ME));
    const { name, nameSource, nickname } = model.contact(ME);
    assert.deepEqual([name, nameSource, nickname], ["Me", "me", null]);
    assert.ok(isEmptyPlan(model.plan()));
    model.read([...two, ...between, { name: "Jay", me: true }]);
    assert.deepEqual([model.contact(ME).name, model.contact(ME).nameSource], ["Jay", "addressbook"]);
  }
});

Deno.test("planContacts() marks an identifier as shared while cards of different names have it", () => {
  const shared: CardText[] = [{ name: "Ann", on: [HOME] }, { name: "Zoe", on: [HOME] }, { on: [HOME] }];
  const model = settled([shared[0] ?? {}, shared[2] ?? {}], [HOME]);
  assert.equal(model.isShared(HOME), false);
  assert.equal(model.read(shared).isShared(HOME), true);
  assert.deepEqual(model.people(), [`<identifier>: ${HOME} (shared)`]);
  assert.equal(model.contact(model.contactIdOf(HOME)).name, HOME);
  assert.equal(model.read(shared.slice(1)).isShared(HOME), false);
  assert.deepEqual(model.people(), [`Zoe <addressbook>: ${HOME}`]);
});

Deno.test("planContacts() counts what can't be matched when it plans", () => {
  const cards: CardText[] = [{ name: "Ann" }, { name: "Zoe", on: [P] }, { name: "Kim", on: [HOME] }];
  assert.deepEqual(new ContactModel(cards, [P, Q, MAIL]).plan().counts, {
    unusableCards: 1,
    unmatched: 2,
    ambiguous: 0,
  });
});

Deno.test("planContactsInSlices() yields between its steps, and ends with the same plan, when there are many cards", () => {
  const cards = Array.from(
    { length: 5_000 },
    (_, at) => ({ name: `Person ${at}`, on: [`+1555${1e6 + at}`] }),
  );
  const input = new ContactModel(cards, ["+15551000007"]).input();
  const steps = [...planContactsInSlices(input)];
  const stepsOfNone = [...planContactsInSlices({ ...input, cards: [] })].length;
  assert.ok(stepsOfNone >= 8 && steps.length >= stepsOfNone + 2, `${stepsOfNone}, ${steps.length}`);
  const plan = planContacts(input);
  assert.equal(plan.names[0]?.name, "Person 7");
  assert.equal(isEmptyPlan(plan), false);
});
