/** Which unknown identifiers may be looked up again: each at most once in a while, and after that again. */
export class Cooldown {
  readonly #askedAtMs = new Map<number, number>();
  constructor(readonly lengthMs: number) {}

  /** Whether one of `ids` may be looked up at `monotonicMs`; those that may count as looked up. */
  ask(ids: readonly number[], monotonicMs: number): boolean {
    for (const [id, askedAt] of this.#askedAtMs) {
      if (monotonicMs - askedAt < this.lengthMs) break;
      this.#askedAtMs.delete(id);
    }
    const due = ids.filter((id) => !this.#askedAtMs.has(id));
    for (const id of due) this.#askedAtMs.set(id, monotonicMs);
    return due.length > 0;
  }
}
