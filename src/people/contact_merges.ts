/**
 * Which contacts become one: those whose identifiers stand on the cards of one person.
 *
 * Never: me, the numbers of the me card, what is shared or ambiguous (these are nobody's), what a person took apart
 * (contact_trees.ts), two contacts that a person gave different names.
 */
import type { Card, KnownContact, MergeEvidence, MergeReason, PlannedMerge } from "../model/contact.ts";
import type { CardGroups, Person } from "./card_groups.ts";
import type { Claims } from "./contact_claims.ts";
import type { ContactTree } from "./contact_trees.ts";
import { byText } from "./text_order.ts";

export interface MergeInput {
  readonly trees: ReadonlyMap<number, ContactTree>;
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly claims: Claims;
  readonly cards: readonly Card[];
  readonly groups: CardGroups;
}

export function planMerges(input: MergeInput): PlannedMerge[] {
  const merges: PlannedMerge[] = [];
  for (const trees of treesByPerson(input)) {
    const [into, ...rest] = trees.sort((a, b) => bySurvival(contactOf(input, a), contactOf(input, b)));
    if (into === undefined) continue;
    for (const from of rest) {
      const ownName = userName(contactOf(input, from));
      if (ownName !== null && ownName !== userName(contactOf(input, into))) continue;
      merges.push({ fromId: from.root, intoId: into.root, ...why(from, into, input) });
    }
  }
  return merges;
}

/** The name that the person chose; empty is none. */
export function userName(contact: KnownContact): string | null {
  return contact.userName === null || contact.userName.trim() === "" ? null : contact.userName;
}

function treesByPerson({ trees, contacts }: MergeInput): Iterable<ContactTree[]> {
  const found = new Map<Person, ContactTree[]>();
  for (const tree of trees.values()) {
    const contact = contacts.get(tree.root);
    if (tree.person === null || tree.person.isMe || contact === undefined || contact.isMe) continue;
    const own = found.get(tree.person);
    if (own) own.push(tree);
    else found.set(tree.person, [tree]);
  }
  return found.values();
}

function contactOf({ contacts }: MergeInput, { root }: ContactTree): KnownContact {
  const contact = contacts.get(root);
  if (contact === undefined) throw new RangeError("Cannot merge a contact that is not there");
  return contact;
}

/** Named by the person, then by a card, then by a card that is gone; then the oldest. */
function bySurvival(a: KnownContact, b: KnownContact): number {
  return rank(a) - rank(b) || a.id - b.id;
}

function rank(contact: KnownContact): number {
  if (userName(contact) !== null) return 0;
  if (contact.nameSource === "addressbook") return 1;
  return contact.nameSource === "addressbook_gone" ? 2 : 3;
}

/** The strongest of the reasons, and what bears it out. */
function why(
  from: ContactTree,
  into: ContactTree,
  input: MergeInput,
): { readonly reason: MergeReason; readonly evidence: MergeEvidence } {
  const { cards, groups } = input;
  const [ofFrom, ofInto] = [cardsOf(from, input.claims), cardsOf(into, input.claims)];
  const evidence = (counts: (card: number) => boolean) => evidenceFrom([from, into], counts, input);

  const [oneCard] = inOrder(ofFrom.filter((card) => ofInto.includes(card)), cards);
  if (oneCard !== undefined) {
    return { reason: "one_card", evidence: evidence((card) => card === oneCard) };
  }
  const linkOf = (card: number) => cards[card]?.linkId ?? null;
  const links = new Set(ofInto.map(linkOf));
  const [link] = ofFrom.map(linkOf).filter((each) => each !== null && links.has(each)).sort();
  if (typeof link === "string") {
    return { reason: "linked_cards", evidence: evidence((card) => linkOf(card) === link) };
  }
  const cores = new Set(ofInto.map(groups.coreOf));
  const isNamed = ofFrom.some((card) => cores.has(groups.coreOf(card)));
  return { reason: isNamed ? "same_name" : "nameless_on_card", evidence: evidence(() => true) };
}

/** Without those that only hold an identifier in the tree which is nobody's. */
function cardsOf({ identifiers }: ContactTree, claims: Claims): number[] {
  return identifiers.flatMap((identifier) => {
    const claim = claims.get(identifier);
    return claim?.kind === "person" ? claim.cards : [];
  });
}

/** Of the cards that count, the first of each identifier. */
function evidenceFrom(
  trees: readonly ContactTree[],
  counts: (card: number) => boolean,
  { cards, claims }: MergeInput,
): MergeEvidence {
  const uniqueIds = new Set<string>();
  const identifiers: number[] = [];
  const national: number[] = [];
  for (const identifier of trees.flatMap((tree) => tree.identifiers)) {
    const claim = claims.get(identifier);
    if (claim?.kind !== "person") continue;
    const [first] = inOrder(claim.cards.filter(counts), cards);
    if (first === undefined) continue;
    uniqueIds.add(cards[first]?.uniqueId ?? "");
    identifiers.push(identifier.id);
    if (claim.isNational) national.push(identifier.id);
  }
  return {
    cards: [...uniqueIds].sort(byText),
    identifiers: identifiers.sort((a, b) => a - b),
    ...(national.length > 0 ? { national: national.sort((a, b) => a - b) } : {}),
  };
}

/** By unique id, which two stores may share: neither the order of the input nor our own ids may show. */
function inOrder(places: readonly number[], cards: readonly Card[]): number[] {
  const spelled = (place: number) =>
    JSON.stringify(cards[place]?.identifiers.map(({ type, identifier }) => `${type} ${identifier}`).sort());
  return [...places].sort((a, b) =>
    byText(cards[a]?.uniqueId, cards[b]?.uniqueId) || byText(spelled(a), spelled(b))
  );
}
