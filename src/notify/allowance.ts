/**
 * How many messages a client may send: a burst, and then so many a second. Reading cannot be paused in Deno, and a
 * client that floods holds the event loop with it; one that means well never comes near.
 */
export interface AllowanceLimits {
  readonly burst: number;
  readonly perSecond: number;
}

export class Allowance {
  readonly #limits: AllowanceLimits;
  #left: number;
  #at: number;

  /** `nowMs`: of a monotonic clock, here and below. */
  constructor(limits: AllowanceLimits, nowMs: number) {
    this.#limits = limits;
    this.#left = limits.burst;
    this.#at = nowMs;
  }

  /** Takes one; false when none is left. */
  take(nowMs: number): boolean {
    const refilled = this.#left + (nowMs - this.#at) / 1_000 * this.#limits.perSecond;
    this.#left = Math.min(this.#limits.burst, refilled);
    this.#at = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
