/** Slices of an import: as large as fits into the time that the event loop may be held. */
export const FIRST_SLICE_ROWS = 2_000;
const MIN_ROWS = 100;
const MAX_ROWS = 40_000;
/** So long a slice may take; and while others wait for their turns. */
export const SLICE_MS = { alone: 75, shared: 25 } as const;

export interface SliceTaken {
  /** How many rows the slice could have at the most. */
  readonly rows: number;
  readonly tookMs: number;
  /** Whether it had as many. */
  readonly full: boolean;
}

/** Rows for the next slice. It shrinks to what would have fitted; it grows, at most twofold, only after a full one. */
export function nextSliceRows(taken: SliceTaken, targetMs: number = SLICE_MS.alone): number {
  const fitting = taken.rows * targetMs / Math.max(taken.tookMs, 1);
  const wanted = taken.full ? Math.min(fitting, taken.rows * 2) : Math.min(fitting, taken.rows);
  return Math.round(Math.min(MAX_ROWS, Math.max(MIN_ROWS, wanted)));
}
