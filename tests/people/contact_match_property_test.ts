/** What holds of every plan, whatever stands on the cards and whatever happened before. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { planContacts } from "../../src/people/contact_match.ts";
import { testSeed } from "../support/seed.ts";
import {
  cardsOf,
  type CardText,
  ContactModel,
  ME,
  settled,
  type TypedNumber,
} from "./support/contact_model.ts";

const RUNS = { seed: testSeed(), numRuns: 400, verbose: 1 } as const;

const HANDLES = [
  "+15551230001",
  "+15551230002",
  "+15551230003",
  "+442079460000",
  "+12079460000",
  "a@x.org",
  "12345",
];
/** On cards alone. */
const NOBODYS = ["+15551239999", "b@x.org"];
const TYPED = { number: "02079460000", national: "2079460000" };
const NAMES = ["John Smith", "john smith", "Jane", "Mum", "ACME Ltd", null, null];

const identifier = fc.constantFrom(...HANDLES, ...NOBODYS);
const card = (
  on: fc.Arbitrary<(string | TypedNumber)[]>,
  link: fc.Arbitrary<string | null>,
): fc.Arbitrary<CardText> =>
  fc.record({
    name: fc.constantFrom(...NAMES),
    on,
    link,
    me: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    preferred: fc.boolean(),
    modified: fc.integer({ min: 0, max: 2 }),
    uid: fc.constantFrom("A", "B", "C", "D", "E", "F"),
    nickname: fc.constantFrom("J", ""),
  }).map(({ link, nickname, ...rest }) => ({
    ...rest,
    ...(link === null ? {} : { link }),
    ...(nickname === "" ? {} : { nickname }),
  }));
const exact = fc.uniqueArray(identifier, { maxLength: 3 });
const anyNumber = fc.uniqueArray(fc.oneof({ weight: 6, arbitrary: identifier }, fc.constant(TYPED)), {
  maxLength: 3,
});
const links = fc.constantFrom("L", "M", null, null, null);
const anyCards = fc.array(card(anyNumber, links), { maxLength: 7 });
const handles = fc.shuffledSubarray(HANDLES, { minLength: 1 });

type Happening =
  | { readonly kind: "hear" | "take back"; readonly handle: string }
  | { readonly kind: "read"; readonly cards: readonly CardText[] }
  | { readonly kind: "undo"; readonly which: number }
  | { readonly kind: "rename"; readonly handle: string; readonly name: string };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: anyCards.map((cards) => ({ kind: "read" as const, cards })) },
  { weight: 2, arbitrary: fc.nat(9).map((which) => ({ kind: "undo" as const, which })) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("hear", "take back"), handle: fc.constantFrom(...HANDLES) }),
  },
  fc.record({
    kind: fc.constant("rename"),
    handle: fc.constantFrom(...HANDLES),
    name: fc.constantFrom("Ann", "Zoe"),
  }),
);

function happen(model: ContactModel, what: Happening): void {
  const knows = (handle: string) => model.input().identifiers.some((each) => each.identifier === handle);
  if (what.kind === "hear") model.hear(what.handle);
  else if (what.kind === "read") model.cards = cardsOf(what.cards);
  else if (what.kind === "undo") {
    const merge = model.merges[what.which];
    if (merge) model.undo(merge.id);
  } else if (knows(what.handle)) model.rename(what.handle, what.kind === "rename" ? what.name : null);
}

/** After each happening and what follows from it. */
function always(look: (model: ContactModel) => void): void {
  fc.assert(
    fc.property(handles, fc.array(happening, { maxLength: 8 }), (first, happenings) => {
      const model = new ContactModel([], first);
      for (const each of happenings) {
        happen(model, each);
        look(model);
      }
    }),
    RUNS,
  );
}

Deno.test("planContacts() has nothing more to do after one round when anything happens", () => {
  always((model) => assert.ok(model.settle() <= 1));
});

/** Merges as no history of ours may have left them: each contact into nothing or into one that stands before it. */
const anyMerges = fc.array(fc.option(fc.nat(HANDLES.length - 1)), {
  minLength: HANDLES.length,
  maxLength: HANDLES.length,
});
const pair = fc.record({ fromId: fc.integer({ min: 2, max: 8 }), intoId: fc.integer({ min: 2, max: 8 }) });

Deno.test("planContacts() has nothing more to do after one round when any merges and vetoes stand", () => {
  fc.assert(
    fc.property(
      anyCards,
      anyMerges,
      fc.array(pair, { maxLength: 4 }),
      fc.nat(),
      (cards, into, vetoes, by) => {
        const model = new ContactModel(cards, HANDLES);
        // Another order than that of the ids, so that a root is not always the oldest.
        const contact = (place: number) => 2 + (place * (1 + by % 6) + by) % HANDLES.length;
        model.merges = into.flatMap((other, place) =>
          other === null || other >= place
            ? []
            : [{ id: 100 + place, fromId: contact(place), intoId: contact(other), reason: "one_card" }]
        );
        const apart = vetoes.filter(({ fromId, intoId }) => model.rootOf(fromId) !== model.rootOf(intoId));
        model.vetoes.push(...vetoes);
        assert.ok(model.settle() <= 1);
        for (const { fromId, intoId } of apart) assert.notEqual(model.rootOf(fromId), model.rootOf(intoId));
      },
    ),
    RUNS,
  );
});

Deno.test("planContacts() never crosses a veto when anything happens", () => {
  always((model) => {
    model.settle();
    for (const { fromId, intoId } of model.vetoes) {
      assert.notEqual(model.rootOf(fromId), model.rootOf(intoId));
    }
  });
});

Deno.test("planContacts() leaves shared identifiers, me and the me card's numbers alone when anything happens", () => {
  always((model) => {
    model.settle();
    const { identifiers, cards } = model.input();
    assert.ok(model.merges.every(({ fromId, intoId }) => fromId !== ME && intoId !== ME));
    const mine = new Set(
      cards.flatMap((each) => each.isMe ? each.identifiers : []).map((own) => own.identifier),
    );
    for (const { contactId, identifier, isShared } of identifiers) {
      if (!isShared && !mine.has(identifier)) continue;
      assert.equal(identifiers.filter((each) => each.contactId === contactId).length, 1, identifier);
      const { name, userName } = model.contact(contactId);
      if (isShared) assert.equal(name, userName ?? identifier);
    }
  });
});

Deno.test("planContacts() never makes one of contacts that a person named differently when anything happens", () => {
  always((model) => {
    const before = [...model.contacts.values()].filter(({ id, userName }) =>
      userName !== null && model.rootOf(id) === id
    );
    model.settle();
    for (const { id, userName } of before) {
      assert.equal(model.contact(model.rootOf(id)).userName, userName);
      assert.equal(model.contact(model.rootOf(id)).name, userName);
    }
  });
});

Deno.test("planContacts() keeps apart whoever stands on cards of different names when no cards are linked", () => {
  const unlinked = fc.array(card(anyNumber, fc.constant(null)), { maxLength: 8 });
  fc.assert(
    fc.property(unlinked, (cards) => {
      const model = settled(cards, HANDLES);
      const named = cardsOf(cards).flatMap(({ name, identifiers }) =>
        name === null
          ? []
          : identifiers.map((each) => ({ handle: each.identifier, name: name.toLowerCase() }))
      ).filter(({ handle }) => HANDLES.includes(handle));
      for (const a of named) {
        for (const b of named) {
          if (a.handle === b.handle || a.name === b.name) continue;
          assert.notEqual(
            model.contactIdOf(a.handle),
            model.contactIdOf(b.handle),
            `${a.handle} ${b.handle}`,
          );
        }
      }
    }),
    RUNS,
  );
});

Deno.test("planContacts() keeps apart whoever shares an equal name alone when cards are linked or not", () => {
  fc.assert(
    fc.property(fc.array(card(exact, links), { maxLength: 8 }), (texts) => {
      const model = settled(texts, HANDLES);
      const reached = (start: string): Set<string> => {
        const seen = new Set([start]);
        for (let size = 0; size < seen.size;) {
          size = seen.size;
          for (const { on = [], link } of texts) {
            const touches = on.some((each) => seen.has(String(each))) || (link && seen.has(`link ${link}`));
            if (touches) {
              for (const each of [...on, ...link ? [`link ${link}`] : []]) seen.add(String(each));
            }
          }
        }
        return seen;
      };
      for (const a of HANDLES) {
        for (const b of HANDLES) {
          if (model.contactIdOf(a) === model.contactIdOf(b)) assert.ok(reached(a).has(b), `${a} ${b}`);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("planContacts() gives the same plan when the order of everything and the ids of cards are others", () => {
  fc.assert(
    fc.property(
      handles,
      fc.array(happening, { maxLength: 5 }),
      anyCards,
      fc.integer(),
      (first, happenings, last, by) => {
        const model = new ContactModel([], first);
        for (const each of happenings) {
          happen(model, each);
          model.settle();
        }
        model.cards = cardsOf(last);
        const input = model.input();
        const shuffle = <T>(list: readonly T[]): T[] =>
          list.map((each, at) => ({ each, key: (at * 7919 + by * 104729) % 11 }))
            .sort((a, b) => a.key - b.key).map(({ each }) => each).reverse();
        assert.deepEqual(
          planContacts({
            identifiers: shuffle(input.identifiers),
            contacts: shuffle(input.contacts),
            cards: shuffle(input.cards).map((each, at) => ({
              ...each,
              id: 1_000 - at,
              identifiers: each.identifiers.toReversed(),
            })),
            merges: shuffle(input.merges),
            vetoes: shuffle(input.vetoes),
          }),
          planContacts(input),
        );
      },
    ),
    RUNS,
  );
});

Deno.test("planContacts() ends in the same contacts when stores are read in any order or at once", () => {
  const store = fc.array(card(exact, links), { maxLength: 5 });
  fc.assert(
    fc.property(store, store, store, (a, b, c) => {
      const whole = settled([...a, ...b, ...c], HANDLES);
      for (const order of [[a, b, c], [b, a, c], [c, a, b], [c, b, a]]) {
        const model = new ContactModel([], HANDLES);
        const read: CardText[] = [];
        for (const each of order) {
          read.push(...each);
          model.read([...read]);
        }
        assert.deepEqual(model.people(), whole.people());
        assert.deepEqual(model.contact(ME), whole.contact(ME));
      }
    }),
    RUNS,
  );
});
