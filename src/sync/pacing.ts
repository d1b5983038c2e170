/** One of each: how large the next slice of work is, the pause between two, and the back-off after a failure. */
import { type Cancel, type Clock, sleep, yieldToEventLoop } from "../platform/clock.ts";

/** What a slice may be, and how long it is to take. */
export interface SliceBounds {
  readonly least: number;
  readonly most: number;
  readonly targetMs: number;
}

/** The first slice of an import. */
export const FIRST_SLICE_ROWS = 2_000;
/** So long a slice of the import may take; and while others wait for their turns. */
export const SLICE_MS = { alone: 75, shared: 25 } as const;
export const IMPORT_SLICES: SliceBounds = { least: 100, most: 40_000, targetMs: SLICE_MS.alone };

export interface SliceTaken {
  /** How many rows the slice could have at the most. */
  readonly rows: number;
  readonly tookMs: number;
  /** Whether it had as many. */
  readonly full: boolean;
}

/** Rows for the next slice. It shrinks to what would have fitted; it grows, at most twofold, only after a full one. Pure. */
export function nextSliceRows(
  { rows, tookMs, full }: SliceTaken,
  { least, most, targetMs }: SliceBounds = IMPORT_SLICES,
): number {
  const fitting = rows * targetMs / Math.max(tookMs, 0.1);
  const wanted = Math.min(fitting, full ? rows * 2 : rows);
  return Math.round(Math.min(most, Math.max(least, wanted)));
}

/** The items, `size` at a time. */
export function* slices<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < size) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

/**
 * While something happens in Messages, so that few commits meet a slice. With pauses of five times the slice many did
 * (300,000 messages: p50 of the latency 7 ms against 5; measured).
 */
const PAUSE_MS = 200;

export interface PausePorts {
  readonly clock: Clock;
  /** Whether Messages wrote something in the last moments, so that more is to be expected. */
  readonly watcher: { readonly isRestless: boolean };
}

/** After a slice. Resolves at once when `signal` aborts. */
export async function pauseBetweenSlices(
  { clock, watcher }: PausePorts,
  signal: AbortSignal,
): Promise<void> {
  await yieldToEventLoop();
  if (watcher.isRestless) await sleep(clock, PAUSE_MS, signal);
}

/** After a lock, and after any other failure. */
const FAILURE_PAUSE_MS = { lock: 250, other: 60_000 } as const;

/** Milliseconds until work that nobody waits for is tried again. Another failure than a lock rarely ends by itself. Pure. */
export function failurePauseMs(isLock: boolean): number {
  return isLock ? FAILURE_PAUSE_MS.lock : FAILURE_PAUSE_MS.other;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

/** Milliseconds of the pause after one of `beforeMs`; null: it is the first. */
export function nextPauseMs(beforeMs: number | null): number {
  return beforeMs === null ? FIRST_RETRY_MS : Math.min(beforeMs * 2, LONGEST_RETRY_MS);
}

/** One timer: a failure while one runs begins a new, longer pause. */
export class Retry {
  readonly #clock: Clock;
  readonly #again: () => void;
  #pauseMs: number | null = null;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, again: () => void) {
    this.#clock = clock;
    this.#again = again;
  }

  /** It failed. */
  later(): void {
    this.#cancel();
    this.#pauseMs = nextPauseMs(this.#pauseMs);
    this.#cancel = this.#clock.after(this.#pauseMs, this.#again);
  }

  /** It went well, or is not wanted any more. */
  stop(): void {
    this.#cancel();
    this.#pauseMs = null;
  }
}
