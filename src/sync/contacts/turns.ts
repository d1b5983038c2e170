/** When work on contacts gives way: to the event loop every few milliseconds, and to whoever must write alone. */
import { LiveSyncError } from "../../model/errors.ts";
import { type Clock, yieldToEventLoop } from "../../platform/clock.ts";

/**
 * So long contacts may hold the event loop at a stretch, one step's overrun excepted; longer while an import runs beside
 * them and nobody has a name yet.
 */
const STRETCH_MS = { usual: 12, hurry: 90 } as const;

export class Turns {
  readonly #clock: Clock;
  readonly #alone: () => Promise<void> | null;
  readonly #signal: AbortSignal;
  readonly #isInHurry: () => boolean;
  #since = -Infinity;

  /** `alone`: what has to be over before anybody else writes; null: nothing. */
  constructor(
    clock: Clock,
    alone: () => Promise<void> | null,
    isInHurry: () => boolean,
    signal: AbortSignal,
  ) {
    this.#isInHurry = isInHurry;
    this.#clock = clock;
    this.#alone = alone;
    this.#signal = signal;
  }

  /** Throws LiveSyncError `stopping` once the program stops. */
  async next(): Promise<void> {
    if (this.#clock.monotonic() - this.#since >= (this.#isInHurry() ? STRETCH_MS.hurry : STRETCH_MS.usual)) {
      await yieldToEventLoop();
      this.#since = this.#clock.monotonic();
    }
    for (let alone = this.#alone(); alone !== null; alone = this.#alone()) {
      // Its failure is told by whoever began it.
      await alone.catch(() => {});
    }
    if (this.#signal.aborted) {
      throw new LiveSyncError("stopping", "Cannot sync contacts: the program is stopping");
    }
  }
}
