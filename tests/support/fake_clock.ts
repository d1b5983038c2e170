/** Fake timers as our Clock, with the two things that happen to a real one: the wall clock jumps, and the process stalls. */
import { createClock } from "@sinonjs/fake-timers";
import type { Cancel, Clock } from "../../src/platform/clock.ts";
import { NOON_MS } from "./workbench.ts";

export class FakeClock implements Clock {
  readonly #timers = createClock(NOON_MS);
  #wallMs = 0;
  #stalledMs = 0;

  now(): number {
    return this.#timers.now + this.#wallMs + this.#stalledMs;
  }
  monotonic(): number {
    return this.#timers.now - NOON_MS + this.#stalledMs;
  }
  after(delayMs: number, callback: () => void): Cancel {
    const timer = this.#timers.setTimeout(callback, delayMs);
    return () => this.#timers.clearTimeout(timer);
  }

  /** Timers that are due within `ms` fire, in their order and at their times. */
  tick(ms: number): void {
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
    return this.#timers.countTimers();
  }
}
