const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).toUpperCase().padStart(2, "0"),
);

/**
 * Random numbers from a seed: the same seed gives the same row of numbers, on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand; public domain). Not for secrets.
 */
export class SeededRandom {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    // PractRand's own seeding throws away the first numbers, in which similar seeds still look alike.
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** 0 … 2^32 − 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** At least 0, below 1. */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A whole number from `lowest` to `highest`, both included. */
  integer(lowest: number, highest: number): number {
    return lowest + Math.floor(this.fraction() * (highest - lowest + 1));
  }

  between(lowest: number, highest: number): number {
    return lowest + this.fraction() * (highest - lowest);
  }

  /** True in `probability` (0 … 1) of the cases. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new RangeError("Cannot pick: there is nothing to pick from");
    return choice;
  }

  /** A copy of `items` in random order (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    const result: T[] = [];
    while (left.length > 0) result.push(...left.splice(this.integer(0, left.length - 1), 1));
    return result;
  }

  /** From a normal distribution with mean 0 and deviation 1 (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
  }

  /** A version 4 UUID in upper case, as Messages writes its GUIDs. */
  uuid(): string {
    const [w, x, y, z] = [this.uint32(), this.uint32(), this.uint32(), this.uint32()];
    const hex = (word: number, shift: number) => HEX[(word >>> shift) & 0xff] ?? "";
    const x16 = (x & 0xffff0fff) | 0x4000;
    const y16 = (y & 0x3fffffff) | 0x80000000;
    return hex(w, 24) + hex(w, 16) + hex(w, 8) + hex(w, 0) + "-" + hex(x16, 24) + hex(x16, 16) + "-" +
      hex(x16, 8) + hex(x16, 0) + "-" + hex(y16, 24) + hex(y16, 16) + "-" + hex(y16, 8) + hex(y16, 0) +
      hex(z, 24) + hex(z, 16) + hex(z, 8) + hex(z, 0);
  }

  /** A generator of its own, so that one part drawing more numbers does not change what another part gets. */
  fork(): SeededRandom {
    return new SeededRandom(this.uint32() + this.integer(0, 0x1f_ffff) * 2 ** 32);
  }
}
