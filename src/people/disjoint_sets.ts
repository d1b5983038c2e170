/** Sets of the numbers 0 … size − 1 that only ever grow together; in what order does not change what stands together. */
export class DisjointSets {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, member) => member);
  }

  /** The one member that stands for the set of `member`, until that set grows. */
  find(member: number): number {
    let at = member;
    while (this.#parent(at) !== at) {
      // Half the way each time, so that the next search is short.
      this.#parents[at] = this.#parent(this.#parent(at));
      at = this.#parent(at);
    }
    return at;
  }

  unite(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  #parent(member: number): number {
    return this.#parents[member] ?? member;
  }
}
