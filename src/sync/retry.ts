/** When to try again what failed: soon at first, then with ever longer pauses. */
import type { Cancel, Clock } from "../platform/clock.ts";

const FIRST_MS = 50;
const LONGEST_MS = 5_000;

/** Milliseconds of the pause after one of `beforeMs`; null: it is the first. Exported for its test. */
export function nextPauseMs(beforeMs: number | null): number {
  return beforeMs === null ? FIRST_MS : Math.min(beforeMs * 2, LONGEST_MS);
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
