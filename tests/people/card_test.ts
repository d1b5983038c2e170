import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import type { RawCard } from "../../src/model/raw_card.ts";
import { readCard } from "../../src/people/card.ts";
import { cardNames, type NameFields, shownText } from "../../src/people/card_name.ts";
import { anyText } from "../apple_formats/support/any_text.ts";
import { testSeed } from "../support/seed.ts";

function cardName(card: NameFields): string | null {
  return cardNames(card)[0] ?? null;
}

const RUNS = { seed: testSeed(), verbose: 1 } as const;

const EMPTY: RawCard = {
  uniqueId: "X:ABPerson",
  linkId: null,
  isMe: false,
  isCompany: false,
  nameOrder: null,
  firstName: null,
  middleName: null,
  lastName: null,
  nickname: null,
  organization: null,
  preferredForName: false,
  modifiedMs: null,
  phones: [],
  emails: [],
};

const FULL = { ...EMPTY, firstName: "Jane", lastName: "Doe", nickname: "Jay", organization: "Acme" };

Deno.test("cardName() goes down from name to nickname to organisation to nothing", () => {
  equal(cardName(FULL), "Jane Doe");
  equal(cardName({ ...FULL, lastName: null }), "Jane");
  equal(cardName({ ...FULL, firstName: " " }), "Doe");
  equal(cardName({ ...FULL, middleName: "Ida" }), "Jane Doe");
  equal(cardName({ ...FULL, firstName: null, lastName: "\0", middleName: "Ida" }), "Ida");
  equal(cardName({ ...FULL, firstName: null, lastName: null }), "Jay");
  equal(cardName({ ...EMPTY, organization: "Acme" }), "Acme");
  equal(cardName(EMPTY), null);
  deepEqual(cardNames(FULL), ["Jane Doe", "Jay", "Acme"]);
});

Deno.test("cardName() is the organisation when the card is a company's, and it has one", () => {
  equal(cardName({ ...FULL, isCompany: true }), "Acme");
  equal(cardName({ ...FULL, isCompany: true, organization: null }), "Jane Doe");
  deepEqual(cardNames({ ...FULL, isCompany: true }), ["Acme", "Jane Doe", "Jay"]);
});

Deno.test("cardName() puts the last name first when the card says so", () => {
  equal(cardName({ ...FULL, nameOrder: "last_name_first" }), "Doe Jane");
  equal(cardName({ ...FULL, nameOrder: "first_name_first" }), "Jane Doe");
});

Deno.test("cardName() writes an East Asian name last name first and without a space, unless the card says otherwise", () => {
  const named = (lastName: string, firstName: string, nameOrder: RawCard["nameOrder"] = null) =>
    cardName({ ...EMPTY, firstName, lastName, nameOrder });
  equal(named("田中", "さくら"), "田中さくら");
  equal(named("毛", "泽东"), "毛泽东");
  equal(named("김", "민준"), "김민준");
  equal(named("김", "민준", "last_name_first"), "김민준");
  equal(named("田中", "さくら", "first_name_first"), "さくら 田中");
  equal(named("ジャクソン", "マイケル"), "マイケル ジャクソン");
  equal(named("Tanaka", "さくら"), "さくら Tanaka");
});

Deno.test("shownText() gives one clean line, or null when nothing can be seen", () => {
  equal(shownText(" Jane\n\tDoe \u202e"), "Jane Doe");
  equal(shownText("Ja\0ne"), "Jane");
  equal(shownText("👩‍👩‍👧 Mum ❤️"), "👩‍👩‍👧 Mum ❤️");
  for (const nothing of [null, "", " \n", "\0", "\u200e\u200d", "\ufe0f"]) equal(shownText(nothing), null);
});

Deno.test("shownText() survives SQLite and UTF-8 when the text is anything", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = shownText(`a${text}b`);
      ok(shown !== null);
      equal(new TextDecoder().decode(new TextEncoder().encode(shown)), shown);
      ok(!/\p{Cc}| {2}|^ | $/u.test(shown), JSON.stringify(shown));
      equal(shownText(shown), shown);
    }),
    { ...RUNS, numRuns: 500 },
  );
});

Deno.test("readCard() normalises identifiers, each once, and keeps what a number without a country code may match by", () => {
  const card = readCard({
    ...EMPTY,
    phones: ["020 7946 0000", "+44 20 7946 0000", "07700 900123", "", "\0", "20500", "07700\x00900123"],
    emails: ["Jane@Example.com", "jane@example.com "],
  }, "GB");
  deepEqual(card.identifiers, [
    { type: "phone", identifier: "+442079460000", national: null },
    { type: "phone", identifier: "+447700900123", national: "7700900123" },
    { type: "other", identifier: "20500", national: null },
    { type: "email", identifier: "jane@example.com", national: null },
  ]);
});

Deno.test("readCard() keeps 020… as a number that +4420… may match when the region is another one", () => {
  deepEqual(readCard({ ...EMPTY, phones: ["020 7946 0000"] }, "US").identifiers, [
    { type: "phone", identifier: "02079460000", national: "2079460000" },
  ]);
  deepEqual(readCard({ ...EMPTY, phones: ["+44 20 7946 0000"] }, "US").identifiers, [
    { type: "phone", identifier: "+442079460000", national: null },
  ]);
});

Deno.test("readCard() tells +1 from +44 when the national digits are the same", () => {
  const [one, other] = ["+1 207 946 0000", "+44 207 946 0000"].map((phone) =>
    readCard({ ...EMPTY, phones: [phone] }, "US").identifiers[0]
  );
  notEqual(one?.identifier, other?.identifier);
  deepEqual([one?.national, other?.national], [null, null]);
});

Deno.test("readCard() takes the next text of the card when its name is a placeholder", () => {
  const named = (fields: Partial<RawCard>) =>
    readCard({ ...EMPTY, phones: ["(555) 123-4567"], emails: ["jane@example.com"], ...fields }, "US").name;
  equal(named({ firstName: "Unknown", organization: "Acme" }), "Acme");
  equal(named({ firstName: "(555) 123-4567" }), null);
  equal(named({ firstName: "jane@example.com", nickname: "Jay" }), "Jay");
  equal(named({}), null);
  equal(named({ isCompany: true, organization: "Acme" }), "Acme");
});

Deno.test("readCard() gives clean texts and keeps the flags", () => {
  const raw: RawCard = {
    ...FULL,
    nickname: " J\0ay ",
    organization: " ",
    linkId: "L",
    isMe: true,
    modifiedMs: 5,
  };
  const { identifiers: _, ...card } = readCard({ ...raw, preferredForName: true }, null);
  deepEqual(card, {
    uniqueId: "X:ABPerson",
    linkId: "L",
    isMe: true,
    name: "Jane Doe",
    nickname: "Jay",
    organization: null,
    preferredForName: true,
    modifiedMs: 5,
  });
});

Deno.test("readCard() never throws and gives no identifier twice when the card holds anything", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789+ ()x") }),
  );
  const list = fc.array(text, { maxLength: 6 });
  fc.assert(
    fc.property(
      list,
      list,
      fc.option(text),
      fc.constantFrom("US", "GB", null),
      (phones, emails, name, region) => {
        const card = readCard({ ...EMPTY, phones, emails, firstName: name }, region);
        const keys = card.identifiers.map(({ type, identifier }) => `${type} ${identifier}`);
        equal(new Set(keys).size, keys.length);
        for (const { type, identifier, national } of card.identifiers) {
          ok(identifier !== "" && !identifier.includes("\0"));
          if (national !== null) ok(type === "phone" && /^[1-9]\d*$/.test(national), national);
        }
      },
    ),
    { ...RUNS, numRuns: 500 },
  );
});
