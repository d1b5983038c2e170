/** A set of positions of the feed, kept as ranges (from, to] in ascending order, none touching another. */
export class SeqRanges {
  #ranges: { readonly from: number; readonly to: number }[] = [];

  get count(): number {
    return this.#ranges.length;
  }

  has(seq: number): boolean {
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = this.#ranges[middle];
      if (range === undefined) return false;
      if (seq <= range.from) high = middle - 1;
      else if (seq > range.to) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** Adds every position p with from < p ≤ to. */
  add(from: number, to: number): void {
    if (from >= to) return;
    const before = this.#ranges.filter((range) => range.to < from);
    const after = this.#ranges.filter((range) => range.from > to);
    const touching = this.#ranges.slice(before.length, this.#ranges.length - after.length);
    const merged = {
      from: Math.min(from, touching[0]?.from ?? from),
      to: Math.max(to, touching.at(-1)?.to ?? to),
    };
    this.#ranges = [...before, merged, ...after];
  }

  /** Drops the ranges that end at or before `seq`. */
  forget(seq: number): void {
    this.#ranges = this.#ranges.filter((range) => range.to > seq);
  }
}
