/**
 * Which rows of the source commits may have changed, as the reader of its WAL gives them, and the queue of what is still
 * to be looked at: a pass takes no more than a slice of it.
 */
import type { ChangedRows, RowRange, RowsAndRanges } from "../../model/changed_rows.ts";
import type { LiveSyncError } from "../../model/errors.ts";

export interface ChangeReading {
  readonly changed: readonly ChangedRows[];
  /** Commits may have been missed. */
  readonly gap: boolean;
  /** Where it ended, to be stored with the rows; null: there is no place to go on from. */
  readonly place: string | null;
  /** Why the WAL can't be read, where it can't. */
  readonly failure: LiveSyncError | null;
  /** To be called when what it gave is in the queue: the next reading goes on behind it. */
  accept(): void;
}

/** The reader of the source's WAL. */
export interface ChangeReader {
  /** Goes on at a place that an earlier run stored; null: from nowhere. */
  startAt(place: string | null): void;
  /** To be called outside a transaction, after `data_version` was read and before the pass begins. */
  read(): ChangeReading;
}

/** Whose rows they may be: of `message`; of `chat` and `attachment`; of any table. */
export const WIDTHS = ["wide", "middle", "any"] as const;
export type Width = typeof WIDTHS[number];

/** What one pass looks at. */
export interface ChangedSlice {
  readonly rows: Readonly<Record<Width, RowsAndRanges>>;
  /** In these, every row of every table is looked at. */
  readonly whole: readonly RowRange[];
}

/** Above every ROWID that Messages can have. */
export const MOST_ROWID = Number.MAX_SAFE_INTEGER;
const EVERYTHING: RowRange = { first: 0, last: MOST_ROWID - 1 };
/** More than this is not kept in memory: comparing everything finds it, too. */
const MOST_KEPT = 200_000;

/** A part of the source in which everything is compared. */
export function wholeSlice(range: RowRange): ChangedSlice {
  const rows = { rowids: [], ranges: [range] };
  return { rows: { wide: rows, middle: rows, any: rows }, whole: [range] };
}

const NO_ROWS: RowsAndRanges = { rowids: [], ranges: [] };
/** Nothing that commits may have changed. */
export const NO_SLICE: ChangedSlice = { rows: { wide: NO_ROWS, middle: NO_ROWS, any: NO_ROWS }, whole: [] };

export class ChangedQueue {
  readonly #rows: Readonly<Record<Width, RowQueue>> = {
    wide: new RowQueue(),
    middle: new RowQueue(),
    any: new RowQueue(),
  };
  #overflowed = false;

  get empty(): boolean {
    return WIDTHS.every((width) => this.#rows[width].empty);
  }

  add(changes: ChangedRows): void {
    if (this.#rows.any.size + changes.rowids.length > MOST_KEPT) {
      this.clear();
      this.#overflowed = true;
      return;
    }
    this.#rows.any.add(changes);
    this.#rows.middle.add(changes.middle);
    this.#rows.wide.add(changes.wide);
  }

  /** A table that is followed has no rows any more. */
  addEverything(): void {
    for (const width of WIDTHS) this.#rows[width].add({ rowids: [], ranges: [EVERYTHING] });
  }

  /** Whether something was let go since it was asked last. */
  takeOverflow(): boolean {
    const overflowed = this.#overflowed;
    this.#overflowed = false;
    return overflowed;
  }

  /** Of each width the lowest row ids, at most so many. They stay until {@link drop}. */
  first(limit: number): ChangedSlice {
    const { wide, middle, any } = this.#rows;
    return {
      rows: { wide: wide.first(limit), middle: middle.first(limit), any: any.first(limit) },
      whole: [],
    };
  }

  /** Whether nothing else is in it. */
  isAll(slice: ChangedSlice): boolean {
    return WIDTHS.every((width) => slice.rows[width].rowids.length === this.#rows[width].size);
  }

  /** What a pass that committed has looked at. */
  drop(slice: ChangedSlice): void {
    for (const width of WIDTHS) this.#rows[width].drop(slice.rows[width]);
  }

  clear(): void {
    for (const width of WIDTHS) this.#rows[width].clear();
  }
}

class RowQueue {
  readonly #rowids = new Set<number>();
  #ranges: RowRange[] = [];

  get size(): number {
    return this.#rowids.size;
  }
  get empty(): boolean {
    return this.#rowids.size === 0 && this.#ranges.length === 0;
  }

  add({ rowids, ranges }: RowsAndRanges): void {
    for (const rowid of rowids) this.#rowids.add(rowid);
    this.#ranges.push(...ranges);
  }

  /** The lowest row ids, and of the ranges what lies below the next one. */
  first(limit: number): RowsAndRanges {
    if (this.#rowids.size <= limit) return { rowids: [...this.#rowids], ranges: joined(this.#ranges) };
    const rowids = [...this.#rowids].sort((a, b) => a - b).slice(0, limit);
    const until = rowids.at(-1) ?? 0;
    const ranges = this.#ranges.filter(({ first }) => first <= until)
      .map(({ first, last }) => ({ first, last: Math.min(last, until) }));
    return { rowids, ranges };
  }

  drop({ rowids }: RowsAndRanges): void {
    // All that is in it, as nearly always.
    if (rowids.length === this.#rowids.size) return this.clear();
    for (const rowid of rowids) this.#rowids.delete(rowid);
    if (this.#rowids.size === 0) {
      this.#ranges = [];
      return;
    }
    const until = rowids.reduce((most, rowid) => Math.max(most, rowid), -1);
    this.#ranges = this.#ranges.filter(({ last }) => last > until)
      .map(({ first, last }) => ({ first: Math.max(first, until + 1), last }));
  }

  clear(): void {
    this.#rowids.clear();
    this.#ranges = [];
  }
}

/**
 * The same without overlaps: the last transaction is read again with the next one, so that most ranges come twice. What is
 * in one of them or beside it is in the joined one or beside that.
 */
function joined(ranges: readonly RowRange[]): RowRange[] {
  const result: RowRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before === undefined || range.first > before.last) result.push(range);
    else result[result.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return result;
}
