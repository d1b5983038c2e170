/** Which rows of a table commits may have changed, as its pages tell: types alone. */

/** Row ids from `first` to `last`, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

export interface RowsAndRanges {
  /** In ascending order, none twice. */
  readonly rowids: readonly number[];
  /**
   * What the pages span on which they stand, in ascending order, joined where they touch: a row that was deleted stood in
   * one, or beside one.
   */
  readonly ranges: readonly RowRange[];
}
