/**
 * From a handle to a number that was typed without a country code: equal national digits, 8 or more. A number with
 * another country code never matches, nor do short codes, URNs and senders' names.
 */
import parsePhoneNumber from "libphonenumber-js/max";
import type { Card, KnownIdentifier } from "../model/contact.ts";

/** Fewer digits stand for too many people. */
const FEWEST_DIGITS = 8;

/** A number takes about 5 µs to parse. */
const HANDLES_AT_ONCE = 500;

export interface NationalCandidates {
  /** Cards that it may stand on, as places in the list of cards. */
  readonly cards: readonly number[];
  /** Whether another handle has the same national digits, so that the cards may mean that one. */
  readonly isAlone: boolean;
}

/**
 * For each handle of `unmatched` that a card may mean. `known` are all handles, `unmatched` those that no card has.
 * Yields so that the caller may give others their turn.
 */
export function* nationalCandidates(
  cards: readonly Card[],
  known: readonly KnownIdentifier[],
  unmatched: readonly KnownIdentifier[],
): Generator<void, Map<KnownIdentifier, NationalCandidates>, void> {
  const found = new Map<KnownIdentifier, NationalCandidates>();
  const numbers = numbersLike(cards, new Set(unmatched.filter(hasCountry).map(lastDigits)));
  if (numbers.size === 0) return found;
  yield;
  const handles = yield* handlesByNational(numbers, known);
  const open = new Set(unmatched);
  for (const [national, { holders }] of numbers) {
    const candidates = handles.get(national) ?? new Set();
    for (const handle of candidates) {
      if (open.has(handle)) found.set(handle, { cards: holders, isAlone: candidates.size === 1 });
    }
  }
  return found;
}

/**
 * The digits after the country code of `+…`, without leading zeros, as {@link Card} numbers without a country code have
 * them. Null where the country is unknown.
 *
 * Exported for its test.
 */
export function nationalDigitsOf(identifier: string): string | null {
  return parsePhoneNumber(identifier)?.nationalNumber.replace(/^0+/, "") ?? null;
}

interface CardNumber {
  readonly holders: number[];
  /** As the cards spell it, with the country code that was assumed. */
  readonly spellings: Set<string>;
}

/** By national digits, those numbers that end in the last digits of a handle: the others are not worth comparing. */
function numbersLike(cards: readonly Card[], endings: ReadonlySet<string>): Map<string, CardNumber> {
  const numbers = new Map<string, CardNumber>();
  for (const [at, card] of cards.entries()) {
    for (const { identifier, national } of card.identifiers) {
      if (national === null || national.length < FEWEST_DIGITS) continue;
      if (!endings.has(national.slice(-FEWEST_DIGITS))) continue;
      const number = numbers.get(national) ?? { holders: [], spellings: new Set() };
      numbers.set(national, number);
      if (number.holders.at(-1) !== at) number.holders.push(at);
      number.spellings.add(identifier);
    }
  }
  return numbers;
}

function* handlesByNational(
  numbers: ReadonlyMap<string, CardNumber>,
  known: readonly KnownIdentifier[],
): Generator<void, Map<string, Set<KnownIdentifier>>, void> {
  const endings = new Set([...numbers.keys()].map((national) => national.slice(-FEWEST_DIGITS)));
  const spelled = new Map<string, string>();
  for (const [national, { spellings }] of numbers) {
    for (const spelling of spellings) spelled.set(spelling, national);
  }
  const handles = new Map<string, Set<KnownIdentifier>>();
  const add = (national: string | null | undefined, handle: KnownIdentifier) => {
    if (typeof national === "string") {
      handles.set(national, (handles.get(national) ?? new Set()).add(handle));
    }
  };
  for (const [at, handle] of known.entries()) {
    if (at % HANDLES_AT_ONCE === HANDLES_AT_ONCE - 1) yield;
    if (handle.type !== "phone") continue;
    add(spelled.get(handle.identifier), handle);
    if (endings.has(lastDigits(handle))) {
      add(nationalDigitsOf(handle.identifier), handle);
    }
  }
  return handles;
}

function hasCountry({ type, identifier }: KnownIdentifier): boolean {
  return type === "phone" && identifier.startsWith("+");
}

function lastDigits({ identifier }: KnownIdentifier): string {
  return identifier.slice(-FEWEST_DIGITS);
}
