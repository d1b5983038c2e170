/** When work on contacts gives way: to the event loop every few milliseconds, and to whoever must write alone. */
import { LiveSyncError } from "../../model/errors.ts";
import { type Clock, yieldToEventLoop } from "../../platform/clock.ts";

/** So long contacts may hold the event loop at a stretch, one step's overrun excepted. */
const STRETCH_MS = 30;

export class Turns {
  readonly #clock: Clock;
  readonly #alone: () => Promise<void> | null;
  readonly #signal: AbortSignal;
  #since = -Infinity;

  /** `alone`: what has to be over before anybody else writes; null: nothing. */
  constructor(clock: Clock, alone: () => Promise<void> | null, signal: AbortSignal) {
    this.#clock = clock;
    this.#alone = alone;
    this.#signal = signal;
  }

  /** Throws LiveSyncError `stopping` once the program stops. */
  async next(): Promise<void> {
    if (this.#clock.monotonic() - this.#since >= STRETCH_MS) {
      await yieldToEventLoop();
      this.#since = this.#clock.monotonic();
    }
    for (let alone = this.#alone(); alone !== null; alone = this.#alone()) {
      // Its failure is told by whoever began it.
      await alone.catch(() => {});
    }
    if (this.#signal.aborted) {
      throw new LiveSyncError("stopping", "Cannot sync contacts as the program is stopping");
    }
  }
}
