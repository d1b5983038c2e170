/**
 * Shares the event loop among connections that are behind: each gets one batch in turn, and after `BUDGET_MS` of
 * work everybody else (requests, live events, the sync) has a turn before it goes on. So fifty replays at once take
 * as much of a turn as one does.
 *
 *     idle ──add()──▶ scheduled ──turn──▶ [oldest first, until the budget is spent] ──any left──▶ scheduled
 */
import type { Cancel, Clock } from "../platform/clock.ts";

/** Work for one turn; it adds itself again if there is more. It must not throw. */
export type Turn = () => void;

/** How long replays may hold the event loop at a stretch. */
const BUDGET_MS = 5;

export class Turns {
  readonly #clock: Clock;
  /** In the order of adding, each once. */
  readonly #waiting = new Set<Turn>();
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `turn` once, later; gives what takes it back. */
  add(turn: Turn): Cancel {
    this.#waiting.add(turn);
    this.#schedule();
    return () => this.#waiting.delete(turn);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.after(0, () => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const startedAt = this.#clock.monotonic();
    // Whoever adds itself again goes to the end, so nobody has two turns before all have had one.
    for (const turn of this.#waiting) {
      this.#waiting.delete(turn);
      turn();
      if (this.#clock.monotonic() - startedAt >= BUDGET_MS) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
