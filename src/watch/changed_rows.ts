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
  #rowids: number[] = [];
  #compactAt = COMPACT_AT;
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
    for (const rowid of other.#rowids) this.#rowids.push(rowid);
    for (const range of other.#ranges) this.#ranges.push(range);
    for (const page of other.#emptied) this.#emptied.add(page);
    for (const page of other.#chains) this.#chains.add(page);
    for (const [page, next] of other.#links) this.#links.set(page, next);
    this.#pageBytes = other.#pageBytes || this.#pageBytes;
    this.#unreadable ||= other.#unreadable;
    this.#compact();
  }

  result(): ChangedRows {
    return {
      rowids: sortedOnce(this.#rowids),
      ranges: joinedRanges(this.#ranges),
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
    const first = leaf.rowids[0];
    const last = leaf.rowids.at(-1);
    if (first === undefined || last === undefined) this.#emptied.add(number);
    else this.#ranges.push({ first, last });
    for (const rowid of leaf.rowids) this.#rowids.push(rowid);
    for (const page of leaf.overflow) this.#chains.add(page);
    this.#compact();
  }

  /** Busy pages come again and again: doubles are thrown out before they take memory. */
  #compact(): void {
    if (this.#rowids.length < this.#compactAt) return;
    this.#rowids = sortedOnce(this.#rowids);
    this.#compactAt = Math.max(COMPACT_AT, 2 * this.#rowids.length);
    this.#ranges = joinedRanges(this.#ranges);
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

/** Ranges that touch or overlap as one: fewer questions to the database. */
export function joinedRanges(ranges: readonly RowRange[]): RowRange[] {
  const joined: RowRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && range.first <= before.last + 1) {
      joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    } else joined.push(range);
  }
  return joined;
}

/** Typed arrays sort numbers without calling back: 20 times as fast. */
function sortedOnce(numbers: readonly number[]): number[] {
  const sorted = Float64Array.from(numbers).sort();
  const once: number[] = [];
  for (const number of sorted) if (number !== once.at(-1)) once.push(number);
  return once;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}
