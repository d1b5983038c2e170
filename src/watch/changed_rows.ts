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
import type { ChangedRows, RowsAndRanges } from "../model/changed_rows.ts";
import { joinedRanges, merged } from "./row_ranges.ts";
import { NO_ROWS, RowSet } from "./row_set.ts";
import { columnsOfFirst, readTableLeaf } from "./table_leaf.ts";
import type { WalPage } from "./wal.ts";

/**
 * A record says how many columns it has, and so whose it can be: those of `message` had 60 and more in every release, those
 * of `chat` and `attachment` 16 and more, and at most 35 by now, those of the joins and lists six at the most. A leaf whose
 * first record does not say so is counted as middle and as wide.
 */
const MIDDLE_COLUMNS = 10;
const WIDE_COLUMNS = 50;

export const NOTHING_CHANGED: ChangedRows = {
  rowids: [],
  ranges: [],
  middle: NO_ROWS,
  wide: NO_ROWS,
  emptied: [],
  lookBack: false,
};

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

/** Gathers what pages say and keeps none of them. */
export class RowCollector {
  #layout: PageLayout;
  readonly #all = new RowSet();
  readonly #middle = new RowSet();
  readonly #wide = new RowSet();
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
    this.#all.addAll(other.#all);
    this.#middle.addAll(other.#middle);
    this.#wide.addAll(other.#wide);
    for (const page of other.#emptied) this.#emptied.add(page);
    for (const page of other.#chains) this.#chains.add(page);
    for (const [page, next] of other.#links) this.#links.set(page, next);
    this.#pageBytes = other.#pageBytes || this.#pageBytes;
    this.#unreadable ||= other.#unreadable;
  }

  result(): ChangedRows {
    return {
      ...this.#all.result(),
      middle: this.#middle.result(),
      wide: this.#wide.result(),
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
    else this.#addRowids(leaf.rowids, columnsOfFirst(bytes, at));
    for (const page of leaf.overflow) this.#chains.add(page);
  }

  #addRowids(rowids: readonly number[], columns: number | null): void {
    this.#all.add(rowids);
    if (columns === null || columns >= WIDE_COLUMNS) this.#wide.add(rowids);
    if (columns === null || (columns >= MIDDLE_COLUMNS && columns < WIDE_COLUMNS)) this.#middle.add(rowids);
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
    ...bothRows(a, b),
    middle: bothRows(a.middle, b.middle),
    wide: bothRows(a.wide, b.wide),
    emptied: [...new Set([...a.emptied, ...b.emptied])],
    lookBack: a.lookBack || b.lookBack,
  };
}

function bothRows(a: RowsAndRanges, b: RowsAndRanges): RowsAndRanges {
  return { rowids: merged([a.rowids, b.rowids]), ranges: joinedRanges([...a.ranges, ...b.ranges]) };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}
