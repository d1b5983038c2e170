/** The standing merges: each contact is merged into at most one other, so that they form trees. */
import type { KnownMerge } from "../model/contact.ts";

export class ContactForest {
  readonly #merges = new Map<number, KnownMerge>();

  /** Of merges that contradict each other (none do in our database) the later are left out. */
  constructor(merges: readonly KnownMerge[]) {
    for (const merge of [...merges].sort((a, b) => a.id - b.id)) {
      if (this.rootOf(merge.intoId) === merge.fromId || this.#merges.has(merge.fromId)) continue;
      this.#merges.set(merge.fromId, merge);
    }
  }

  /** The contact that stands for `contact` and for all that is merged into it. */
  rootOf(contact: number): number {
    let at = contact;
    for (let merge = this.#merges.get(at); merge; merge = this.#merges.get(at)) at = merge.intoId;
    return at;
  }

  mergeOf(contact: number): KnownMerge | null {
    return this.#merges.get(contact) ?? null;
  }

  mergesInto(contact: number): KnownMerge[] {
    return [...this.#merges.values()].filter(({ intoId }) => intoId === contact);
  }

  undo(merge: KnownMerge): void {
    this.#merges.delete(merge.fromId);
  }
}
