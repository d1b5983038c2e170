/** Which rows of a table commits may have changed, as its pages tell: types alone. */

/** Row ids from `first` to `last`, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

export interface RowsAndRanges {
  /** Of every cell of the table leaves that were written, in ascending order, none twice. */
  readonly rowids: readonly number[];
  /**
   * What these leaves span, in ascending order, joined where they touch. A row that was deleted stood in a range, or beside
   * one: between it and the next row, on either side, that its table still has (the first or last cell of a leaf may be
   * what was deleted, and a leaf that lost all its cells is freed without being written).
   */
  readonly ranges: readonly RowRange[];
}

/** Row ids of no known table: all are tried against every table that is neither `message`, `chat` nor `attachment`. */
export interface ChangedRows extends RowsAndRanges {
  /** What `chat` and `attachment` may have of these: their records have fewer columns than those of `message`. */
  readonly middle: RowsAndRanges;
  /** What `message` may have of these. */
  readonly wide: RowsAndRanges;
  /**
   * Pages that were left without a row. If one of them is a table's root (`sqlite_schema.rootpage`), that table was empty:
   * only a root can be an empty leaf. Else it was freed later.
   */
  readonly emptied: readonly number[];
  /** The pages do not tell all: an overflow page whose leaf was not written, or a page that can't be read. */
  readonly lookBack: boolean;
}
