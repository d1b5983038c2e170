/** Whom a big AddressBook holds: pure, from a random source. */
import type { SeededRandom } from "../../../src/simulator/random.ts";
import type { NewCard } from "../../../src/simulator/contacts/inputs.ts";

/** What several invented cards have to do with each other. */
export interface InventedBook {
  readonly cards: readonly NewCard[];
  /** People with a second card in another store, linked by Contacts. */
  readonly linked: number;
  /** People with a second card of equal name and a number in common, not linked. */
  readonly unlinked: number;
  /** Numbers that stand on the cards of two people with different names. */
  readonly sharedNumbers: number;
  /** Handles that stand on some card. */
  readonly knownHandles: number;
}

export interface BookOptions {
  readonly cards: number;
  readonly stores: readonly string[];
  /** Addresses that wrote, each once. */
  readonly handles: readonly string[];
  /** How many of the handles are on a card, 0 … 1. */
  readonly knownShare: number;
}

const FIRST_NAMES =
  "Ada Amir Ana Ben Carla Chen Dana Elif Emma Finn Grace Hugo Ines Ivan Jane John José Kofi Lena Leo Luca Mara Mei Mia Nils Noor Olga Omar Paul Priya Rosa Sam Sara Theo Tomás Uma Vera Yara Zoë Łukasz"
    .split(" ");
const LAST_NAMES =
  "Adeyemi Alvarez Bauer Brown Carvalho Costa Diaz Dubois Evans Fischer García Haddad Hansen Ivanova Jones Kaya Khan Kim Kowalski Larsen Lee Lindqvist Martin Mensah Meyer Moreau Nguyen Novak O'Brien Okafor Papadakis Patel Raman Rossi Sato Schmidt Silva Smith Tanaka Weber"
    .split(" ");
const TRADES = ["Bakery", "Dental", "Garage", "Plumbing", "School", "Taxi", "Vets"] as const;

/**
 * About `cards` cards. Of the people three in twenty have two cards in different stores, half of them linked; one of
 * six handles shares its card with one or two others; one person in fifty has the home phone of somebody else, too. One
 * card in thirty is a company's, some have a nickname or nothing but a number, and most people never wrote.
 */
export function inventBook(random: SeededRandom, options: BookOptions): InventedBook {
  const cards: NewCard[] = [];
  const known = random.shuffled(options.handles).slice(
    0,
    Math.round(options.handles.length * options.knownShare),
  );
  const counts = { linked: 0, unlinked: 0, sharedNumbers: 0 };
  const waiting = [...known];
  let homePhone: string | null = null;
  for (let i = 0; cards.length < options.cards; i++) {
    const own = waiting.splice(0, random.chance(1 / 6) ? random.integer(2, 3) : 1);
    const addresses = own.length > 0 ? own : inventedAddresses(random, i);
    if (homePhone !== null && random.chance(0.02)) {
      addresses.push(homePhone);
      homePhone = null;
      counts.sharedNumbers++;
    } else homePhone = addresses.find((address) => address.startsWith("+")) ?? homePhone;
    const store = random.pick(options.stores);
    const card = inventedCard(random, i, store, addresses);
    cards.push(card);
    const other = options.stores.find((each) => each !== store);
    if (cards.length === options.cards || other === undefined || !random.chance(0.15)) continue;
    const isLinked = random.chance(0.5);
    const both = isLinked ? { linkId: random.uuid() } : {};
    cards[cards.length - 1] = { ...card, ...both };
    // Written another way, as another account's server does.
    cards.push({ ...card, ...both, store: other, ...written(random, addresses), preferredForName: isLinked });
    counts[isLinked ? "linked" : "unlinked"]++;
  }
  return { cards: withMe(cards), ...counts, knownHandles: known.length - waiting.length };
}

/** The first card is the person's own. */
function withMe(cards: readonly NewCard[]): NewCard[] {
  const [first, ...others] = cards;
  if (first === undefined) return [];
  const me = { store: first.store, firstName: "Robin", lastName: "Doyle", isMe: true };
  return [{ ...me, phones: ["+12125550100"], emails: ["me@example.com"] }, ...others];
}

function inventedCard(random: SeededRandom, i: number, store: string, addresses: readonly string[]): NewCard {
  const details = { store, ...written(random, addresses) };
  const [firstName, lastName] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)];
  switch (i % 60) {
    case 11:
    case 41:
      return { ...details, isCompany: true, organization: `${lastName} ${random.pick(TRADES)}` };
    case 23:
      return { ...details, nickname: firstName };
    case 37:
      return details;
    case 52:
      return { ...details, firstName: "さくら", lastName: "田中" };
    default:
      return { ...details, firstName, lastName, ...i % 12 === 5 ? { organization: `${lastName} & Co` } : {} };
  }
}

/** Numbers of `55 51…`, which no handle of `populate()` has. One person in forty has no address at all. */
function inventedAddresses(random: SeededRandom, i: number): string[] {
  if (i % 40 === 39) return [];
  const number = `+1${random.integer(201, 989)}555${1000 + i % 9000}`;
  return random.chance(0.5) ? [number, `card.${i}@example.org`] : [number];
}

function written(random: SeededRandom, addresses: readonly string[]): { phones: string[]; emails: string[] } {
  return {
    phones: addresses.filter((address) => !address.includes("@")).map((number) => typed(random, number)),
    emails: addresses.filter((address) => address.includes("@")).map((address) =>
      random.chance(0.2) ? address.toUpperCase() : address
    ),
  };
}

/** A number of North America in one of the ways that people type them; anything else as it stands. */
function typed(random: SeededRandom, number: string): string {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number) ?? [];
  if (area === undefined || exchange === undefined || line === undefined) return number;
  return random.pick([
    number,
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `1 (${area}) ${exchange}-${line}`,
  ]);
}
