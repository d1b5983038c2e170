/**
 * Which cards are one person's:
 *
 * - cards with one link id;
 * - groups of cards that share a number or address and of whose names any two are equal;
 * - a group without a name, and the one person with a name that it shares a number or address with. Between several
 *   people it joins nobody, or it would bridge them.
 *
 * Equal names alone never. The outcome does not depend on the order of the cards: each rule only unites, and the third
 * looks at all neighbours before it unites anything.
 */
import type { Card } from "../model/contact.ts";
import type { CardIndex } from "./card_index.ts";
import { DisjointSets } from "./disjoint_sets.ts";
import { normalisedName } from "./display_name.ts";

export interface Person {
  /** Places in the list of cards. */
  readonly cards: readonly number[];
  readonly isNamed: boolean;
  readonly isMe: boolean;
  /** Without a name, and next to several people with one: whose it is stays open. */
  readonly isBetween: boolean;
}

export interface CardGroups {
  personOf(card: number): Person;
  /** Equal for cards that are one person by links and equal names alone, without a nameless card between them. */
  coreOf(card: number): number;
}

/** Yields so that the caller may give others their turn. */
export function* groupCards(cards: readonly Card[], index: CardIndex): Generator<void, CardGroups, void> {
  const sets = new DisjointSets(cards.length);
  uniteLinked(cards, sets);
  yield;
  const nameOf = cardNames(cards);
  const names = new GroupNames(sets);
  let turn = 0;
  for (const card of comparedCards(cards, index)) {
    names.add(card, nameOf(card));
    if (++turn % NAMES_AT_ONCE === 0) yield;
  }
  yield;
  uniteEqualNames(index, sets, names);
  yield;
  const cores = Int32Array.from(cards, (_, card) => sets.find(card));
  const between = uniteNameless(index, sets, names);
  yield;
  const personOf = persons(cards, sets, (group) => between.has(group), nameOf);
  return { personOf, coreOf: (card) => cores[card] ?? card };
}

/** Each made when it is asked for: most cards are of people who never wrote. */
function persons(
  cards: readonly Card[],
  sets: DisjointSets,
  isBetween: (group: number) => boolean,
  nameOf: (card: number) => string | null,
): (card: number) => Person {
  const members = new Map<number, number[]>();
  for (const card of cards.keys()) {
    const group = sets.find(card);
    const own = members.get(group);
    if (own) own.push(card);
    else members.set(group, [card]);
  }
  const known = new Map<number, Person>();
  return (card) => {
    const group = sets.find(card);
    const before = known.get(group);
    if (before) return before;
    const own = members.get(group) ?? [card];
    const person: Person = {
      cards: own,
      isNamed: own.some((each) => nameOf(each) !== null),
      isMe: own.some((each) => cards[each]?.isMe),
      isBetween: isBetween(group),
    };
    known.set(group, person);
    return person;
  };
}

/** How many names are made comparable before the event loop gets its turn. */
const NAMES_AT_ONCE = 3_000;

/** The cards whose names say who is one person: most share nothing with another. */
function* comparedCards(cards: readonly Card[], index: CardIndex): Generator<number, void, void> {
  for (const holders of index.several) yield* holders;
  for (const [card, { linkId }] of cards.entries()) if (linkId !== null) yield card;
}

/** The names for comparing, each made once, when it is asked for. */
function cardNames(cards: readonly Card[]): (card: number) => string | null {
  const known = new Map<number, string | null>();
  return (at) => {
    const before = known.get(at);
    if (before !== undefined) return before;
    const shown = cards[at]?.name ?? null;
    const name = shown === null ? null : normalisedName(shown);
    known.set(at, name);
    return name;
  };
}

function uniteLinked(cards: readonly Card[], sets: DisjointSets): void {
  const firsts = new Map<string, number>();
  for (const [card, { linkId }] of cards.entries()) {
    if (linkId === null) continue;
    const first = firsts.get(linkId);
    if (first === undefined) firsts.set(linkId, card);
    else sets.unite(first, card);
  }
}

/** The names of each group of linked cards. */
class GroupNames {
  readonly #names = new Map<number, Set<string>>();

  constructor(private readonly sets: DisjointSets) {}

  add(card: number, name: string | null): void {
    if (name === null) return;
    const group = this.sets.find(card);
    const names = this.#names.get(group);
    if (names) names.add(name);
    else this.#names.set(group, new Set([name]));
  }

  of(card: number): ReadonlySet<string> {
    return this.#names.get(this.sets.find(card)) ?? NO_NAMES;
  }

  /** Gives whether either group has a name now that it did not have. */
  unite(a: number, b: number): boolean {
    const [first, second] = [this.of(a), this.of(b)];
    const all = new Set([...first, ...second]);
    this.sets.unite(a, b);
    this.#names.set(this.sets.find(a), all);
    return all.size > first.size || all.size > second.size;
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Again until nothing changes: a group that got another name may now be equal to one that it was not. */
function uniteEqualNames(index: CardIndex, sets: DisjointSets, names: GroupNames): void {
  let grew = true;
  while (grew) {
    grew = false;
    for (const holders of index.several) {
      const byName = new Map<string, number>();
      for (const card of holders) {
        for (const name of [...names.of(card)]) {
          const other = byName.get(name);
          if (other === undefined) byName.set(name, card);
          else if (sets.find(other) !== sets.find(card)) grew = names.unite(other, card) || grew;
        }
      }
    }
  }
}

/** Gives the groups without a name that stand between several people. */
function uniteNameless(index: CardIndex, sets: DisjointSets, names: GroupNames): Set<number> {
  const shared = index.several.map((holders) => ({
    named: holders.filter((card) => names.of(card).size > 0),
    nameless: holders.filter((card) => names.of(card).size === 0),
  })).filter(({ nameless }) => nameless.length > 0);
  for (const { nameless } of shared) {
    for (const card of nameless) sets.unite(card, nameless[0] ?? card);
  }
  const neighbours = new Map<number, Set<number>>();
  for (const { named, nameless } of shared) {
    const group = sets.find(nameless[0] ?? 0);
    const known = neighbours.get(group) ?? new Set();
    neighbours.set(group, known);
    for (const card of named) known.add(sets.find(card));
  }
  const between = new Set<number>();
  for (const [group, people] of neighbours) {
    const [only, ...others] = people;
    if (others.length > 0) between.add(group);
    else if (only !== undefined) sets.unite(group, only);
  }
  return between;
}
