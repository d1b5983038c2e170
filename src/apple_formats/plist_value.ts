/** What a property list can hold, in either of its forms. */

/** A date is its seconds since 2001-01-01 UTC; an integer that a number can't hold exactly is a BigInt. */
export type PlistValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlistValue[]
  | ReadonlyMap<string, PlistValue>;

/** Fixed words: what stands in a list is never quoted. */
export type PlistProblem = "not a plist" | "damaged" | "too large";

/** Ends the reading of a list; it does not leave `decodePlist()`. */
export class BadPlist extends Error {
  readonly reason: PlistProblem;

  constructor(reason: PlistProblem) {
    super(reason);
    this.reason = reason;
  }
}

/** Containers within containers; real lists have five. */
export const MOST_LEVELS = 64;

/** `Array.isArray` does not tell a readonly array from a map. */
export function isPlistArray(value: PlistValue | undefined): value is readonly PlistValue[] {
  return Array.isArray(value);
}
