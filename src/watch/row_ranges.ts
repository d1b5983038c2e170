/** Lists and ranges of row ids. Pure. */
import type { RowRange } from "../model/changed_rows.ts";

/** Ranges that touch or overlap as one: fewer questions to the database. */
export function joinedRanges(ranges: readonly RowRange[]): RowRange[] {
  const joined: RowRange[] = [];
  let open: RowRange | null = null;
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    if (open !== null && range.first <= open.last + 1) {
      open = { first: open.first, last: Math.max(open.last, range.last) };
    } else {
      if (open !== null) joined.push(open);
      open = range;
    }
  }
  if (open !== null) joined.push(open);
  return joined;
}

/** One ascending list of them all, without doubles. Leaves of one table follow each other, so that there is little to sort. */
export function merged(leaves: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  let ascending = true;
  let before = -Infinity;
  for (const leaf of leaves.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
    for (const rowid of leaf) {
      if (rowid === before) continue;
      ascending &&= rowid > before;
      before = rowid;
      all.push(rowid);
    }
  }
  return ascending ? all : sortedOnce(all);
}

/** Typed arrays sort numbers without calling back: 20 times as fast. */
function sortedOnce(numbers: readonly number[]): number[] {
  const once: number[] = [];
  let before = NaN;
  for (const number of Float64Array.from(numbers).sort()) {
    if (number !== before) once.push(number);
    before = number;
  }
  return once;
}
