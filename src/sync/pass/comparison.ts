/**
 * The walk over all rows of the source, in slices of ascending ROWIDs of every followed table at once, that compares each
 * with ours. Where it is stands in `live_sync_state`, with what was found so far.
 *
 *   idle ── due (a start, a day, a gap in the WAL) ──▶ walking ── last slice ──▶ idle;   a gap meanwhile: once more
 */
import { recordOf } from "../../model/json.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { MOST_ROWID } from "./changed_rows.ts";
import type { RowRange } from "../../model/changed_rows.ts";
import { nextSliceRows, type SliceBounds } from "../pacing.ts";
import { endOfComparisonSlice } from "./bookkeeping.ts";

/** What did not agree, and does now. */
export interface Mended {
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
}

export const NOTHING_MENDED: Mended = { missing: 0, extra: 0, different: 0 };

interface Walk extends Mended {
  /** Compared up to this ROWID. */
  readonly after: number;
  /** Commits may have been missed behind it: it begins again at its end. */
  readonly again: boolean;
}

const FIRST_ROWS = 100;
/** A slice holds up a commit that comes meanwhile by no more than its target. */
const SLICES: SliceBounds = { least: 20, most: 5_000, targetMs: 10 };

/** Whether nothing is left behind this slice. */
export function isLast(range: RowRange): boolean {
  return range.last >= MOST_ROWID - 1;
}

export class Comparison {
  readonly #db: Connection;
  readonly #state: StateStore;
  #rows = FIRST_ROWS;
  #urgent = false;

  constructor(db: Connection, state: StateStore) {
    this.#db = db;
    this.#state = state;
  }

  /** Whether commits may have been missed, and not just an hour has come. */
  get isUrgent(): boolean {
    return this.#urgent;
  }

  get walking(): boolean {
    return this.#walk() !== null;
  }

  /** Rows that the walk under way has mended. */
  get mendedSoFar(): number {
    const { missing, extra, different } = this.#walk() ?? NOTHING_MENDED;
    return missing + extra + different;
  }

  /** Begins a walk where none is under way. After a `gap` one that is under way is followed by another. */
  begin(gap: boolean, urgent: boolean = gap): void {
    const walk = this.#walk();
    if (walk === null) this.#store({ after: 0, again: false, ...NOTHING_MENDED });
    else if (gap && !walk.again) this.#store({ ...walk, again: true });
    this.#urgent ||= urgent;
  }

  /** What the next slice compares; null when no walk is under way. */
  next(): RowRange | null {
    const walk = this.#walk();
    if (walk === null) return null;
    const last = endOfComparisonSlice(this.#db, walk.after, this.#rows - 1);
    return { first: walk.after + 1, last: last ?? MOST_ROWID - 1 };
  }

  /** In the transaction of the slice's pass. */
  mended(range: RowRange, found: Mended, nowMs: number): void {
    const walk = this.#walk();
    if (walk === null) return;
    const sum = {
      missing: walk.missing + found.missing,
      extra: walk.extra + found.extra,
      different: walk.different + found.different,
    };
    if (!isLast(range)) return this.#store({ ...walk, ...sum, after: range.last });
    this.#state.set(STATE_KEYS.reconcileLast, JSON.stringify({ at_ms: nowMs, ...sum }));
    this.#store(walk.again ? { after: 0, again: false, ...NOTHING_MENDED } : null);
    this.#urgent &&= walk.again;
  }

  /** Slices follow the machine's pace. */
  took(ms: number): void {
    this.#rows = nextSliceRows({ rows: this.#rows, tookMs: ms, full: true }, SLICES);
  }

  #walk(): Walk | null {
    const json = this.#state.get(STATE_KEYS.reconcileWalk);
    if (json === null) return null;
    const value: unknown = JSON.parse(json);
    const record = recordOf(value);
    const number = (key: string) => typeof record[key] === "number" ? record[key] : 0;
    return {
      after: number("after"),
      again: record["again"] === true,
      missing: number("missing"),
      extra: number("extra"),
      different: number("different"),
    };
  }

  #store(walk: Walk | null): void {
    this.#state.set(STATE_KEYS.reconcileWalk, walk === null ? null : JSON.stringify(walk));
  }
}
