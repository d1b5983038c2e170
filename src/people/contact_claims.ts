/** Whose each identifier is, by what stands on the cards. */
import type { Card, KnownIdentifier } from "../model/contact.ts";
import type { CardGroups, Person } from "./card_groups.ts";
import type { CardIndex } from "./card_index.ts";
import { nationalCandidates } from "./national_match.ts";

/**
 * - `person`: one person's, and on which of their cards; `isNational`: found by national digits.
 * - `shared`: on cards of people with different names.
 * - `ambiguous`: several may be meant, and there is no "first".
 * - `nobody`: no card knows it.
 */
export type Claim =
  | {
    readonly kind: "person";
    readonly person: Person;
    readonly cards: readonly number[];
    readonly isNational: boolean;
  }
  | { readonly kind: "shared" | "ambiguous" | "nobody" };

export type Claims = ReadonlyMap<KnownIdentifier, Claim>;

/** Yields so that the caller may give others their turn. */
export function* claimsOf(
  identifiers: readonly KnownIdentifier[],
  cards: readonly Card[],
  index: CardIndex,
  groups: CardGroups,
): Generator<void, Claims, void> {
  const claims = new Map<KnownIdentifier, Claim>();
  const unmatched: KnownIdentifier[] = [];
  for (const identifier of identifiers) {
    const holders = index.holders(identifier.type, identifier.identifier);
    if (holders.length === 0) unmatched.push(identifier);
    claims.set(identifier, exactClaim(holders, groups));
  }
  yield;
  for (const [identifier, candidates] of yield* nationalCandidates(cards, identifiers, unmatched)) {
    const owner = candidates.isAlone ? ownerAmong(candidates.cards, groups) : "several";
    claims.set(
      identifier,
      owner === "several" ? { kind: "ambiguous" } : claimBy(owner, candidates.cards, groups, true),
    );
  }
  return claims;
}

function exactClaim(holders: readonly number[], groups: CardGroups): Claim {
  if (holders.length === 0) return { kind: "nobody" };
  const owner = ownerAmong(holders, groups);
  return owner === "several" ? { kind: "shared" } : claimBy(owner, holders, groups, false);
}

function claimBy(person: Person, holders: readonly number[], groups: CardGroups, isNational: boolean): Claim {
  const cards = holders.filter((card) => groups.personOf(card) === person);
  return { kind: "person", person, cards, isNational };
}

/** A person without a name stands back behind one who has a name; but for me, who is never taken for somebody else. */
function ownerAmong(holders: readonly number[], groups: CardGroups): Person | "several" {
  const people = new Set(holders.map((card) => groups.personOf(card)));
  const named = [...people].filter(({ isNamed, isMe }) => isNamed || isMe);
  const [owner, ...others] = named.length > 0 ? named : people;
  return owner === undefined || others.length > 0 ? "several" : owner;
}
