/**
 * Pages that commits wrote → the rows that may have changed. Pure.
 *
 * A table leaf gives the row ids of its cells, and the range that they span. A leaf does not say whose it is, so ids and
 * ranges are tried against every followed table. Every version of a page counts, not only the last: more candidates, none
 * missed, and no page need be kept.
 *
 * Pages that are no b-tree pages are overflow, free-list or pointer-map pages. An overflow page is accounted for when a
 * leaf was written that its chain begins at; else a row has changed that no leaf tells of. It is enough that *some* version
 * of the leaf leads there: a page that was given to another row meanwhile brought that row's leaf along.
 *
 * Source: sqlite.org/fileformat2.html.
 */
import { readTableLeaf } from "./table_leaf.ts";
import type { WalPage } from "./wal.ts";

/** Row ids from `first` to `last`, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

export interface ChangedRows {
  /** Of every cell of every table leaf that was written, in ascending order, none twice. */
  readonly rowids: readonly number[];
  /**
   * What these leaves span, in ascending order, joined where they touch. A row that was deleted stood in a range, or beside
   * one: between it and the next row, on either side, that its table still has (the first or last cell of a leaf may be
   * what was deleted, and a leaf that lost all its cells is freed without being written).
   */
  readonly ranges: readonly RowRange[];
  /**
   * Pages that were left without a row. If one of them is a table's root (`sqlite_schema.rootpage`), that table was empty:
   * only a root can be an empty leaf. Else it was freed later.
   */
  readonly emptied: readonly number[];
  /** The pages do not tell all: an overflow page whose leaf was not written, or a page that can't be read. */
  readonly lookBack: boolean;
}

export const NOTHING_CHANGED: ChangedRows = { rowids: [], ranges: [], emptied: [], lookBack: false };

/** What page 1 says of all the others. */
export interface PageLayout {
  /** At the end of each page, left alone by SQLite: 0 everywhere but under some encryption. */
  readonly reservedBytes: number;
  /** With auto_vacuum there are pointer-map pages. */
  readonly autoVacuum: boolean;
}

export const PLAIN_LAYOUT: PageLayout = { reservedBytes: 0, autoVacuum: false };

const PAGE_TYPE = { indexInterior: 0x02, tableInterior: 0x05, indexLeaf: 0x0a, tableLeaf: 0x0d } as const;
/** Page 1 begins with the header of the database; these are places in it. */
const DATABASE_HEADER = { bytes: 100, reservedBytes: 20, firstFreeTrunk: 32, largestRoot: 52 } as const;
const COMPACT_AT = 65_536;

/** Gathers what pages say and keeps none of them. */
export class RowCollector {
  #layout: PageLayout;
  /** Row ids of a leaf each, in ascending order. */
  #leaves: (readonly number[])[] = [];
  #count = 0;
  #compactAt = COMPACT_AT;
  /** Of leaves that were put together already. */
  #rowids: readonly number[] = [];
  #ranges: RowRange[] = [];
  readonly #emptied = new Set<number>();
  /** Where chains of overflow and of free pages begin. */
  readonly #chains = new Set<number>();
  /** Pages that are no b-tree pages, and the page that each leads on to. */
  readonly #links = new Map<number, number>();
  #pageBytes = 0;
  #unreadable = false;

  constructor(layout: PageLayout = PLAIN_LAYOUT) {
    this.#layout = layout;
  }

  /** As it was given, or as a page 1 said since. */
  get layout(): PageLayout {
    return this.#layout;
  }

  add({ number, bytes }: WalPage): void {
    this.#pageBytes = bytes.length;
    if (number === 1) this.#readDatabaseHeader(bytes);
    const at = number === 1 ? DATABASE_HEADER.bytes : 0;
    switch (bytes[at]) {
      case PAGE_TYPE.tableLeaf:
        return this.#addLeaf(number, bytes, at);
      case PAGE_TYPE.tableInterior:
      case PAGE_TYPE.indexInterior:
      case PAGE_TYPE.indexLeaf:
        // Says where rows are, or repeats a part of them.
        return;
      default:
        this.#links.set(number, wordAt(bytes, 0));
    }
  }

  /** What `other` gathered after this. */
  addAll(other: RowCollector): void {
    this.#layout = other.#layout;
    if (other.#rowids.length > 0) {
      this.#ranges = [...this.#ranges, ...other.#ranges];
      this.#rowids = merged([this.#rowids, other.#rowids]);
    }
    for (const leaf of other.#leaves) this.#addRowids(leaf);
    for (const page of other.#emptied) this.#emptied.add(page);
    for (const page of other.#chains) this.#chains.add(page);
    for (const [page, next] of other.#links) this.#links.set(page, next);
    this.#pageBytes = other.#pageBytes || this.#pageBytes;
    this.#unreadable ||= other.#unreadable;
  }

  result(): ChangedRows {
    return {
      rowids: merged([this.#rowids, ...this.#leaves]),
      ranges: this.#allRanges(),
      emptied: [...this.#emptied],
      lookBack: this.#unreadable || this.#hasStrays(),
    };
  }

  #readDatabaseHeader(bytes: Uint8Array): void {
    this.#layout = {
      reservedBytes: bytes[DATABASE_HEADER.reservedBytes] ?? 0,
      autoVacuum: wordAt(bytes, DATABASE_HEADER.largestRoot) !== 0,
    };
    // Trunks of the free list are chained like overflow pages.
    this.#chains.add(wordAt(bytes, DATABASE_HEADER.firstFreeTrunk));
  }

  #addLeaf(number: number, bytes: Uint8Array, at: number): void {
    const leaf = readTableLeaf(bytes, at, bytes.length - this.#layout.reservedBytes);
    if (leaf === null) {
      this.#unreadable = true;
      return;
    }
    if (leaf.rowids.length === 0) this.#emptied.add(number);
    else this.#addRowids(leaf.rowids);
    for (const page of leaf.overflow) this.#chains.add(page);
  }

  #addRowids(rowids: readonly number[]): void {
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

  #allRanges(): RowRange[] {
    return joinedRanges([...this.#ranges, ...this.#leaves.map(rangeOf)]);
  }

  /** Whether pages are left that no chain leads to. */
  #hasStrays(): boolean {
    const strays = new Set(this.#links.keys());
    for (let page of this.#chains) {
      // A page that was not written leads on to none that we could see.
      while (strays.delete(page)) page = this.#links.get(page) ?? 0;
    }
    return [...strays].some((page) => !this.#isPointerMap(page));
  }

  #isPointerMap(page: number): boolean {
    if (!this.#layout.autoVacuum) return false;
    // One for as many pages as it has entries of five bytes, from page 2 on.
    const apart = Math.floor((this.#pageBytes - this.#layout.reservedBytes) / 5) + 1;
    return (page - 2) % apart === 0;
  }
}

/** What `a` or `b` say. */
export function bothChanged(a: ChangedRows, b: ChangedRows): ChangedRows {
  return {
    rowids: merged([a.rowids, b.rowids]),
    ranges: joinedRanges([...a.ranges, ...b.ranges]),
    emptied: [...new Set([...a.emptied, ...b.emptied])],
    lookBack: a.lookBack || b.lookBack,
  };
}

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
function merged(leaves: readonly (readonly number[])[]): number[] {
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

function rangeOf(leaf: readonly number[]): RowRange {
  return { first: leaf[0] ?? 0, last: leaf.at(-1) ?? 0 };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}
