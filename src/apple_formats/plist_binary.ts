/**
 * Reads binary property lists; the format is that of Apple's CFBinaryPList.c.
 *
 * Written here as the packages are not safe with damaged lists: `bplist-parser` 0.5.0 takes 0.7 s for 144 bytes of
 * arrays that name the next one twice, and twice as long for each more of them; it gives data that are cut off as if
 * they were whole; it writes to stderr.
 */
import { BadPlist, MOST_LEVELS, type PlistValue } from "./plist_value.ts";

const HEADER_SIZE = 8;
const TRAILER_SIZE = 32;

/** `bytes` begin with the header. Throws {@link BadPlist}. */
export function readBinaryPlist(bytes: Uint8Array): PlistValue {
  return new BinaryPlist(bytes).root();
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const UTF_16 = new TextDecoder("utf-16be", { ignoreBOM: true });

class BinaryPlist {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #offsetSize: number;
  readonly #referenceSize: number;
  readonly #tableStart: number;
  readonly #root: number;
  /** By object number, once read: an object that is named twice is read once. */
  readonly #read: (PlistValue | undefined)[];
  /** Objects don't overlap, so all of them together are no longer than the list: what is left of that. */
  #bytesLeft: number;
  #level = 0;

  constructor(bytes: Uint8Array) {
    const trailer = bytes.length - TRAILER_SIZE;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offsetSize = this.#unsigned(trailer + 6, 1);
    this.#referenceSize = this.#unsigned(trailer + 7, 1);
    const count = this.#unsigned(trailer + 8, 8);
    this.#root = this.#unsigned(trailer + 16, 8);
    this.#tableStart = this.#unsigned(trailer + 24, 8);
    check(this.#offsetSize >= 1 && this.#offsetSize <= 8);
    check(this.#referenceSize >= 1 && this.#referenceSize <= 8);
    check(this.#tableStart + count * this.#offsetSize <= trailer);
    this.#read = new Array<PlistValue | undefined>(count);
    this.#bytesLeft = this.#tableStart - HEADER_SIZE;
  }

  root(): PlistValue {
    return this.#object(this.#root);
  }

  #object(number: number): PlistValue {
    check(number < this.#read.length);
    const known = this.#read[number];
    if (known !== undefined) return known;
    // An object that holds itself is refused here as well.
    check(this.#level < MOST_LEVELS);
    this.#level++;
    const offset = this.#unsigned(this.#tableStart + number * this.#offsetSize, this.#offsetSize);
    check(offset >= HEADER_SIZE && offset < this.#tableStart);
    const value = this.#valueAt(offset);
    this.#level--;
    this.#read[number] = value;
    return value;
  }

  #valueAt(offset: number): PlistValue {
    const marker = this.#unsigned(offset, 1);
    const low = marker & 0x0f;
    const content = offset + 1;
    switch (marker >> 4) {
      case 0x0:
        return this.#simple(low);
      case 0x1:
        return this.#integer(content, low);
      case 0x2:
        return this.#real(content, low);
      case 0x3:
        return this.#real(content, low === 3 ? 3 : -1);
      case 0x8:
        this.#take(content, low + 1);
        return this.#unsigned(content, low + 1);
    }
    const { start, size } = this.#sized(content, low);
    switch (marker >> 4) {
      case 0x4:
        return this.#data(start, size);
      case 0x5:
      case 0x7:
        return utf8(this.#data(start, size));
      case 0x6:
        return UTF_16.decode(this.#data(start, size * 2));
      // Arrays, and the two kinds of sets.
      case 0xa:
      case 0xb:
      case 0xc:
        return this.#array(start, size);
      case 0xd:
        return this.#dictionary(start, size);
    }
    throw new BadPlist("damaged");
  }

  #simple(low: number): PlistValue {
    this.#bytesLeft--;
    if (low === 0) return null;
    check(low === 8 || low === 9);
    return low === 9;
  }

  /** One, two and four bytes are unsigned, eight and sixteen signed. */
  #integer(at: number, log2: number): PlistValue {
    check(log2 <= 4);
    this.#take(at, 2 ** log2);
    if (log2 <= 2) return this.#unsigned(at, 2 ** log2);
    const head = this.#view.getBigInt64(at);
    const value = log2 === 3 ? head : (head << 64n) | this.#view.getBigUint64(at + 8);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #real(at: number, log2: number): number {
    check(log2 === 2 || log2 === 3);
    this.#take(at, 2 ** log2);
    return log2 === 2 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #data(start: number, size: number): Uint8Array {
    this.#take(start, size);
    return this.#bytes.subarray(start, start + size);
  }

  #array(start: number, size: number): readonly PlistValue[] {
    this.#take(start, size * this.#referenceSize);
    const values: PlistValue[] = [];
    for (let i = 0; i < size; i++) values.push(this.#referred(start, i));
    return values;
  }

  /** All keys stand before all values. */
  #dictionary(start: number, size: number): ReadonlyMap<string, PlistValue> {
    this.#take(start, 2 * size * this.#referenceSize);
    const entries = new Map<string, PlistValue>();
    for (let i = 0; i < size; i++) {
      const key = this.#referred(start, i);
      if (typeof key !== "string") throw new BadPlist("damaged");
      entries.set(key, this.#referred(start, size + i));
    }
    return entries;
  }

  #referred(start: number, index: number): PlistValue {
    return this.#object(this.#unsigned(start + index * this.#referenceSize, this.#referenceSize));
  }

  /** A size of 15 or more stands behind the marker as an integer object. */
  #sized(at: number, low: number): { readonly start: number; readonly size: number } {
    if (low < 15) return { start: at, size: low };
    const marker = this.#unsigned(at, 1);
    const width = 2 ** (marker & 0x0f);
    check(marker >> 4 === 1 && width <= 8);
    this.#take(at + 1, width);
    return { start: at + 1 + width, size: this.#unsigned(at + 1, width) };
  }

  /** `size` bytes at `at`, and the marker before them, belong to the object that is being read. */
  #take(at: number, size: number): void {
    this.#bytesLeft -= size + 1;
    check(at + size <= this.#tableStart && this.#bytesLeft >= 0);
  }

  #unsigned(at: number, width: number): number {
    let value = 0;
    for (let i = at; i < at + width; i++) {
      const byte = this.#bytes[i];
      if (byte === undefined) throw new BadPlist("damaged");
      value = value * 256 + byte;
    }
    check(value <= Number.MAX_SAFE_INTEGER);
    return value;
  }
}

function check(isSound: boolean): void {
  if (!isSound) throw new BadPlist("damaged");
}

function utf8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new BadPlist("damaged");
  }
}
