/** Fake timers as our Clock, with the two things that happen to a real one: the wall clock jumps, and the process stalls. */
import { createClock } from "@sinonjs/fake-timers";
import { type Cancel, type Clock, systemClock } from "../../src/platform/clock.ts";

/** 2026-01-15 12:00 UTC. */
export const NOON_MS = Date.UTC(2026, 0, 15, 12);

export class FakeClock implements Clock {
  readonly #timers = createClock(NOON_MS);
  readonly #soon = new Set<() => void>();
  #wallMs = 0;
  #stalledMs = 0;

  now(): number {
    return this.#timers.now + this.#wallMs + this.#stalledMs;
  }
  monotonic(): number {
    return this.#timers.now - NOON_MS + this.#stalledMs;
  }
  after(delayMs: number, callback: () => void): Cancel {
    const timer = this.#timers.setTimeout(() => {
      callback();
      this.#endTurn();
    }, delayMs);
    return () => this.#timers.clearTimeout(timer);
  }

  /** Turns are real ones; {@link tick} also ends the turn at hand. */
  soon(callback: () => void): Cancel {
    const cancelReal = systemClock.soon(() => {
      if (this.#soon.delete(once)) callback();
    });
    const once = () => {
      cancelReal();
      callback();
    };
    this.#soon.add(once);
    return () => {
      cancelReal();
      this.#soon.delete(once);
    };
  }

  /** No time goes by while turns end, so what asks for one turn after the other must end by itself. */
  #endTurn(): void {
    for (const callback of this.#soon) {
      this.#soon.delete(callback);
      callback();
    }
  }

  /** Timers that are due within `ms` fire, in their order and at their times. */
  tick(ms: number): void {
    this.#endTurn();
    this.#timers.tick(ms);
  }
  /** Time goes by on both clocks, and no timer fires: all that are due come late. */
  stall(ms: number): void {
    this.#stalledMs += ms;
  }
  /** The wall clock alone jumps: the machine slept, or somebody set the time. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }
  get timers(): number {
    return this.#timers.countTimers() + this.#soon.size;
  }
}
