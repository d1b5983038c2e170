/**
 * Which standing merges the cards no longer bear. A number that was taken off a card keeps its contact; one that now is
 * another person's, or shared, or that may be one of several people's, does not. Nor do the numbers of the me card stay
 * together: nothing is ever merged there, and in what order the cards came must not show.
 */
import type { KnownIdentifier, KnownMerge, PlannedSplit } from "../model/contact.ts";
import type { Claim, Claims } from "./contact_claims.ts";
import type { Person } from "./card_groups.ts";
import type { ContactForest } from "./contact_forest.ts";

/** Undoes them in `forest` too. */
export function planSplits(
  forest: ContactForest,
  identifiers: readonly KnownIdentifier[],
  claims: Claims,
): PlannedSplit[] {
  const splits: PlannedSplit[] = [];
  const open = [...byRoot(forest, identifiers).values()];
  for (let tree = open.pop(); tree; tree = open.pop()) {
    const undone = split(tree, forest, claims);
    if (undone.length === 0) continue;
    for (const { merge, reason } of undone) {
      forest.undo(merge);
      splits.push({ mergeId: merge.id, reason });
    }
    // What was split off took its own branch along, and may have to be split again.
    open.push(...byRoot(forest, tree).values());
  }
  return splits;
}

/** In the order of their ids, whatever the order that they came in. */
export function byRoot(
  forest: ContactForest,
  identifiers: readonly KnownIdentifier[],
): Map<number, KnownIdentifier[]> {
  const trees = new Map<number, KnownIdentifier[]>();
  for (const identifier of [...identifiers].sort((a, b) => a.id - b.id)) {
    const root = forest.rootOf(identifier.originId);
    const tree = trees.get(root);
    if (tree) tree.push(identifier);
    else trees.set(root, [identifier]);
  }
  return trees;
}

interface Undone {
  readonly merge: KnownMerge;
  readonly reason: PlannedSplit["reason"];
}

function split(tree: readonly KnownIdentifier[], forest: ContactForest, claims: Claims): Undone[] {
  const claimed = tree.flatMap((identifier) => {
    const holder = holderOf(identifier, claims.get(identifier));
    return holder === null ? [] : [{ identifier, holder }];
  });
  const isRoot = ({ originId }: KnownIdentifier) => forest.mergeOf(originId) === null;
  const kept = claimed.find(({ identifier }) => isRoot(identifier)) ??
    claimed[0];
  if (kept === undefined || tree.length === 1) return [];
  // Who has to be alone goes, or is left by all others; they are looked at again.
  const strange = kept.holder === kept.identifier
    ? [kept]
    : claimed.filter(({ holder }) => holder !== kept.holder);
  const undone = new Map<KnownMerge, Undone>();
  for (const { identifier } of strange) {
    const reason = claims.get(identifier)?.kind === "shared" ? "shared_identifier" : "other_card";
    const merge = forest.mergeOf(identifier.originId);
    for (const each of merge ? [merge] : forest.mergesInto(identifier.originId)) {
      if (!undone.has(each)) undone.set(each, { merge: each, reason });
    }
  }
  return [...undone.values()];
}

/** Identifiers of one holder may be together; an identifier that has to be alone is its own. */
function holderOf(identifier: KnownIdentifier, claim: Claim | undefined): Person | KnownIdentifier | null {
  if (claim === undefined || claim.kind === "nobody") return null;
  return claim.kind === "person" && !claim.person.isMe ? claim.person : identifier;
}
