/**
 * What each contact is called: as the person chose; else as its cards say; else as before, so that a card that is gone
 * leaves its last name. Only what differs is planned.
 */
import type { Card, KnownContact, NameSource, PlannedName } from "../model/contact.ts";
import type { Person } from "./card_groups.ts";
import { userName } from "./contact_merges.ts";
import type { ContactTree } from "./contact_trees.ts";
import { fuller } from "./display_name.ts";
import { byText } from "./text_order.ts";

export interface CardNames {
  readonly name: string;
  readonly nickname: string | null;
  readonly organization: string | null;
}

/** `standing`: the contacts that are not merged away; `trees`: theirs, by contact. */
export function planNames(
  standing: readonly KnownContact[],
  trees: ReadonlyMap<number, ContactTree>,
  cards: readonly Card[],
  me: readonly Person[],
): PlannedName[] {
  const known = new Map<Person, CardNames | null>();
  const namesOf = (person: Person) => {
    const names = known.get(person) ?? bestNames(cardsOf([person], cards));
    known.set(person, names);
    return names;
  };
  const planned: PlannedName[] = [];
  for (const contact of standing) {
    const tree = trees.get(contact.id);
    const name = contact.isMe ? nameOf(contact, myself(me, cards)) : nameOf(contact, {
      tree,
      names: tree?.person ? namesOf(tree.person) : null,
      isOpen: tree?.isContested,
    });
    if (differs(name, contact)) planned.push(name);
  }
  return planned.sort((a, b) => a.contactId - b.contactId);
}

/**
 * Of the cards of one person, what they are called: the name that the person preferred for linked cards, then the
 * fuller one, then that of the card changed last, then by unique id; nickname and organisation from the same card, or
 * the next that has one. Null where no card has a name.
 *
 * Exported for its test.
 */
export function bestNames(cards: readonly Card[]): CardNames | null {
  const inOrder = [...cards].sort(byPreference);
  const name = inOrder[0]?.name ?? null;
  if (name === null) return null;
  return {
    name,
    nickname: inOrder.find(({ nickname }) => nickname !== null)?.nickname ?? null,
    organization: inOrder.find(({ organization }) => organization !== null)?.organization ?? null,
  };
}

function byPreference(a: Card, b: Card): number {
  return Number(b.name !== null) - Number(a.name !== null) ||
    Number(b.preferredForName) - Number(a.preferredForName) ||
    fuller(a.name ?? "", b.name ?? "") ||
    newerFirst(a.modifiedMs, b.modifiedMs) ||
    byText(a.uniqueId, b.uniqueId) ||
    // Unique only in its store: what is left must not depend on the order of the stores.
    byText(a.name, b.name) || byText(a.nickname, b.nickname) || byText(a.organization, b.organization);
}

function newerFirst(a: number | null, b: number | null): number {
  if (a === b) return 0;
  return (b ?? -Infinity) - (a ?? -Infinity);
}

function cardsOf(people: readonly Person[], cards: readonly Card[]): Card[] {
  return people.flatMap((person) => person.cards.flatMap((card) => cards[card] ?? []));
}

/** What the cards say of a contact. */
interface Said {
  readonly tree?: ContactTree | undefined;
  readonly names: CardNames | null;
  /** Whether cards know it, but do not say what its name is: then what it was called by them before is not its name. */
  readonly isOpen: boolean | undefined;
}

/** A me card without a name that stands between several people has the name of none of them, as every such card. */
function myself(me: readonly Person[], cards: readonly Card[]): Said {
  const names = bestNames(cardsOf(me, cards));
  return { names, isOpen: names === null && me.some(({ isBetween }) => isBetween) };
}

function nameOf(contact: KnownContact, { tree, names, isOpen }: Said): PlannedName {
  const { id: contactId, nickname, organization } = contact;
  const own = userName(contact);
  if (isOpen) {
    const called = own === null ? byIdentifier(contact, tree) : { name: own, source: "user" as const };
    return { contactId, ...called, nickname: null, organization: null };
  }
  if (own !== null) return { contactId, nickname, organization, ...names, name: own, source: "user" };
  if (names !== null) return { contactId, ...names, source: "addressbook" };
  return { contactId, ...withoutCard(contact, tree), nickname, organization };
}

interface Called {
  readonly name: string;
  readonly source: NameSource;
}

function withoutCard(contact: KnownContact, tree: ContactTree | undefined): Called {
  const { name, nameSource: source } = contact;
  if (source === "addressbook") return { name, source: "addressbook_gone" };
  // A choice that was taken back, and no card that says another name.
  if (source === "user") return byIdentifier(contact, tree);
  return { name, source };
}

/** A name that is a placeholder already stays as it is. */
function byIdentifier({ id, name, nameSource, isMe }: KnownContact, tree: ContactTree | undefined): Called {
  if (nameSource === "identifier" || nameSource === "me") return { name, source: nameSource };
  if (isMe) return { name: "Me", source: "me" };
  const own = tree?.identifiers.find(({ originId }) => originId === id) ?? tree?.identifiers[0];
  return { name: own?.identifier ?? name, source: "identifier" };
}

function differs(planned: PlannedName, contact: KnownContact): boolean {
  return planned.name !== contact.name || planned.source !== contact.nameSource ||
    planned.nickname !== contact.nickname || planned.organization !== contact.organization;
}
