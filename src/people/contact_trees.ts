/** The contacts that stand for themselves, with their identifiers, and whose they are. */
import type { KnownIdentifier, Veto } from "../model/contact.ts";
import type { Person } from "./card_groups.ts";
import type { Claims } from "./contact_claims.ts";
import type { ContactForest } from "./contact_forest.ts";
import { byRoot } from "./contact_splits.ts";

export interface ContactTree {
  /** The contact. */
  readonly root: number;
  /** In the order of their ids. */
  readonly identifiers: readonly KnownIdentifier[];
  /** Whose cards name it; null where nobody's do, or where a person's undo has taken it from them. */
  readonly person: Person | null;
  /** Whether cards know it, but do not say what its name is. */
  readonly isContested: boolean;
}

/** By root. `forest` is as the splits have left it. */
export function treesOf(
  forest: ContactForest,
  identifiers: readonly KnownIdentifier[],
  claims: Claims,
  vetoes: readonly Veto[],
): Map<number, ContactTree> {
  const trees = new Map<number, ContactTree>();
  for (const [root, own] of byRoot(forest, identifiers)) trees.set(root, tree(root, own, claims));
  const all = new Map(trees);
  for (const { fromId, intoId } of vetoes) {
    const [from, into] = [all.get(forest.rootOf(fromId)), all.get(forest.rootOf(intoId))];
    // The card stays with the contact that the other one was taken from.
    if (from && into && from !== into && from.person !== null && from.person === into.person) {
      trees.set(from.root, { ...from, person: null });
    }
  }
  return trees;
}

function tree(root: number, identifiers: readonly KnownIdentifier[], claims: Claims): ContactTree {
  const people = new Set<Person>();
  let isContested = false;
  for (const identifier of identifiers) {
    const claim = claims.get(identifier);
    if (claim?.kind === "person") people.add(claim.person);
    else if (claim?.kind === "shared" || claim?.kind === "ambiguous") isContested = true;
  }
  const [person, ...others] = people;
  const owner = person === undefined || others.length > 0 || isContested ? null : person;
  return { root, identifiers, person: owner, isContested: isContested || owner?.isBetween === true };
}
