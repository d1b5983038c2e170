/**
 * A single slot: a hint while a pass runs means one more pass after it; none is lost, none piles up.
 *
 *   empty ── pull ──▶ full ── next() takes it ──▶ empty;   pull when full: stays full.
 */
export class Trigger {
  #reason: string | null = null;
  #waiting: ((reason: string) => void) | null = null;

  /** Asks for a pass; the first reason in the slot stays. */
  pull(reason: string): void {
    if (this.#waiting !== null) {
      const wake = this.#waiting;
      this.#waiting = null;
      wake(reason);
    } else this.#reason ??= reason;
  }

  /** Resolves with the reason as soon as the slot is full, with null when `signal` aborts. One caller at a time. */
  next(signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null);
    if (this.#reason !== null) {
      const reason = this.#reason;
      this.#reason = null;
      return Promise.resolve(reason);
    }
    return new Promise((resolve) => {
      const aborted = () => {
        this.#waiting = null;
        resolve(null);
      };
      this.#waiting = (reason) => {
        signal.removeEventListener("abort", aborted);
        resolve(reason);
      };
      signal.addEventListener("abort", aborted, { once: true });
    });
  }
}
