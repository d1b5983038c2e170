/**
 * Who is one person, and what they are called: what is there + what the cards say → what has to be done. Pure.
 *
 * Contacts become one by themselves where (a) their identifiers stand on one card (`one_card`), or on cards (b) that
 * Contacts has linked (`linked_cards`) or (c) that share an identifier and have equal names (`same_name`), or (e) where
 * a card without a name joins what has none to the one person that it can be (`nameless_on_card`). (d), one address on
 * several services, is one identifier from the start.
 *
 * Applied in the order splits, shares, merges, names, the next plan for the same cards is empty.
 */
import type {
  Card,
  ContactPlan,
  KnownContact,
  KnownIdentifier,
  KnownMerge,
  PlannedShare,
  Veto,
} from "../model/contact.ts";
import { type CardGroups, groupCards, type Person } from "./card_groups.ts";
import { CardIndex } from "./card_index.ts";
import { type Claims, claimsOf } from "./contact_claims.ts";
import { ContactForest } from "./contact_forest.ts";
import { planMerges } from "./contact_merges.ts";
import { planNames } from "./contact_names.ts";
import { planSplits } from "./contact_splits.ts";
import { treesOf } from "./contact_trees.ts";

export interface MatchInput {
  readonly identifiers: readonly KnownIdentifier[];
  /** Those that are merged away too. */
  readonly contacts: readonly KnownContact[];
  readonly cards: readonly Card[];
  /** Those that stand. */
  readonly merges: readonly KnownMerge[];
  readonly vetoes: readonly Veto[];
}

/** Exported for its test. */
export function planContacts(input: MatchInput): ContactPlan {
  const planning = planContactsInSlices(input);
  let step = planning.next();
  while (!step.done) step = planning.next();
  return step.value;
}

/** As {@link planContacts}; yields every few milliseconds, so that the caller may give the event loop its turn. */
export function* planContactsInSlices(input: MatchInput): Generator<void, ContactPlan, void> {
  const { identifiers, cards } = input;
  const index = yield* CardIndex.of(cards);
  yield;
  const groups = yield* groupCards(cards, index);
  yield;
  const claims = yield* claimsOf(identifiers, cards, index, groups);
  yield;
  const forest = new ContactForest(input.merges);
  const splits = planSplits(forest, identifiers, claims);
  const trees = treesOf(forest, identifiers, claims, input.vetoes);
  yield;
  const contacts = new Map(input.contacts.map((contact) => [contact.id, contact]));
  const merges = planMerges({ trees, contacts, claims, cards, groups });
  yield;
  const mergedAway = new Set(merges.map(({ fromId }) => fromId));
  const standing = input.contacts.filter(({ id }) => forest.mergeOf(id) === null && !mergedAway.has(id));
  return {
    splits,
    merges,
    shares: planShares(claims),
    names: planNames(standing, trees, cards, mePersons(cards, groups)),
    counts: {
      unusableCards: cards.filter((card) => card.identifiers.length === 0).length,
      unmatched: countOf(claims, "nobody"),
      ambiguous: countOf(claims, "ambiguous"),
    },
  };
}

/** Whether there is nothing to do. */
export function isEmptyPlan({ splits, merges, shares, names }: ContactPlan): boolean {
  return splits.length + merges.length + shares.length + names.length === 0;
}

function planShares(claims: Claims): PlannedShare[] {
  const shares: PlannedShare[] = [];
  for (const [{ id, isShared }, { kind }] of claims) {
    if (isShared !== (kind === "shared")) shares.push({ identifierId: id, isShared: !isShared });
  }
  return shares.sort((a, b) => a.identifierId - b.identifierId);
}

function mePersons(cards: readonly Card[], groups: CardGroups): Person[] {
  return [...new Set(cards.flatMap(({ isMe }, card) => isMe ? [groups.personOf(card)] : []))];
}

function countOf(claims: Claims, kind: "nobody" | "ambiguous"): number {
  return claims.values().filter((claim) => claim.kind === kind).reduce((count) => count + 1, 0);
}
