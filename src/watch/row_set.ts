/** Row ids gathered leaf by leaf, and what the leaves span. Pure. */
import type { RowRange, RowsAndRanges } from "../model/changed_rows.ts";
import { joinedRanges, merged } from "./row_ranges.ts";

export const NO_ROWS: RowsAndRanges = { rowids: [], ranges: [] };

const COMPACT_AT = 65_536;

export class RowSet {
  /** Row ids of a leaf each, in ascending order. */
  #leaves: (readonly number[])[] = [];
  #count = 0;
  #compactAt = COMPACT_AT;
  /** Of leaves that were put together already. */
  #rowids: readonly number[] = [];
  #ranges: RowRange[] = [];

  add(rowids: readonly number[]): void {
    this.#leaves.push(rowids);
    this.#count += rowids.length;
    if (this.#count < this.#compactAt) return;
    // Busy pages come again and again: doubles are thrown out before they take memory.
    this.#ranges = this.#allRanges();
    this.#rowids = merged([this.#rowids, ...this.#leaves]);
    this.#leaves = [];
    this.#count = 0;
    this.#compactAt = Math.max(COMPACT_AT, this.#rowids.length);
  }

  addAll(other: RowSet): void {
    if (other.#rowids.length > 0) {
      this.#ranges = [...this.#ranges, ...other.#ranges];
      this.#rowids = merged([this.#rowids, other.#rowids]);
    }
    for (const leaf of other.#leaves) this.add(leaf);
  }

  result(): RowsAndRanges {
    return { rowids: merged([this.#rowids, ...this.#leaves]), ranges: this.#allRanges() };
  }

  #allRanges(): RowRange[] {
    return joinedRanges([...this.#ranges, ...this.#leaves.map(rangeOf)]);
  }
}

function rangeOf(leaf: readonly number[]): RowRange {
  return { first: leaf[0] ?? 0, last: leaf.at(-1) ?? 0 };
}
