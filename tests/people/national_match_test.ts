import assert from "node:assert/strict";
import { nationalDigitsOf } from "../../src/people/national_match.ts";
import { type CardText, ContactModel, settled } from "./support/contact_model.ts";

const LONDON = "+442079460000";
const NEW_YORK = "+12079460000";
/** `020 7946 0000`, of no known region. */
const TYPED = { number: "02079460000", national: "2079460000" };
/** The same, read with the region GB. */
const READ = { number: LONDON, national: "2079460000" };

function names(cards: readonly CardText[], handles: readonly string[]): (string | null)[] {
  const model = settled(cards, handles);
  return handles.map((handle) => {
    const { name, nameSource } = model.contact(model.contactIdOf(handle));
    return nameSource === "identifier" ? null : name;
  });
}

Deno.test("planContacts() matches 020… against +4420… when one person and one handle have these digits", () => {
  assert.deepEqual(names([{ name: "Ann", on: [TYPED] }], [LONDON]), ["Ann"]);
  // The region was wrong.
  assert.deepEqual(names([{ name: "Ann", on: [READ] }], [NEW_YORK]), ["Ann"]);
  // Two cards of one person.
  assert.deepEqual(names([{ name: "Ann", on: [TYPED] }, { name: "Ann", on: [TYPED] }], [LONDON]), ["Ann"]);
  // A zero that belongs to the number, as in Italy.
  const rome = { number: "0669883712", national: "669883712" };
  assert.deepEqual(names([{ name: "Ann", on: [rome] }], ["+390669883712"]), ["Ann"]);
});

Deno.test("planContacts() matches by national digits nobody when a card has the handle exactly", () => {
  assert.deepEqual(names([{ name: "Ann", on: [LONDON] }, { name: "Zoe", on: [TYPED] }], [LONDON]), ["Ann"]);
});

Deno.test("planContacts() matches by national digits nobody when several may be meant, and counts them", () => {
  const ambiguous: [CardText[], string[], (string | null)[]][] = [
    [[{ name: "Ann", on: [TYPED] }], [LONDON, NEW_YORK], [null, null]],
    [[{ name: "Ann", on: [READ] }], [NEW_YORK, LONDON], [null, "Ann"]],
    [[{ name: "Ann", on: [TYPED] }], [NEW_YORK, TYPED.number], [null, "Ann"]],
    [[{ name: "Ann", on: [TYPED] }, { name: "Zoe", on: [TYPED] }], [LONDON], [null]],
    [[{ name: "Ann", on: [TYPED] }, { name: "Ann", on: [READ] }], [NEW_YORK], [null]],
  ];
  for (const [cards, handles, expected] of ambiguous) {
    assert.deepEqual(names(cards, handles), expected);
    assert.equal(
      new ContactModel(cards, handles).plan().counts.ambiguous,
      expected.filter((name) => name === null).length,
    );
  }
});

Deno.test("planContacts() matches by national digits nobody when a country code differs or digits are few", () => {
  assert.deepEqual(names([{ name: "Ann", on: [LONDON] }], [NEW_YORK]), [null]);
  const short = { number: "5551234", national: "5551234" };
  assert.deepEqual(names([{ name: "Ann", on: [short] }], ["+4755512345", "+2905551234"]), [null, null]);
  assert.deepEqual(names([{ name: "Ann", on: [TYPED] }], ["urn:biz:2079460000", "079460000"]), [null, null]);
});

Deno.test("planContacts() takes a match by national digits back when another handle has them too", () => {
  const model = settled([{ name: "Ann", on: [TYPED, "ann@x.org"] }], ["ann@x.org", LONDON]);
  assert.deepEqual(model.people(), [`Ann <addressbook>: ${LONDON}, ann@x.org`]);
  model.hear(NEW_YORK);
  model.settle();
  assert.deepEqual(
    model.people(),
    [`<identifier>: ${NEW_YORK}`, `<identifier>: ${LONDON}`, "Ann <addressbook>: ann@x.org"],
  );
});

Deno.test("nationalDigitsOf() gives what follows the country code, without leading zeros", () => {
  assert.equal(nationalDigitsOf(LONDON), "2079460000");
  assert.equal(nationalDigitsOf("+390669883712"), "669883712");
  assert.equal(nationalDigitsOf("+99912345678"), null);
  assert.equal(nationalDigitsOf("02079460000"), null);
});
