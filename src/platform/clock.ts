import { clearImmediate, setImmediate } from "node:timers";

/** Time, passed in so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970 UTC: jumps when the machine slept or the person set the time. */
  now(): number;
  /** Milliseconds since some start, never backwards. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; gives what cancels it. */
  after(delayMs: number, callback: () => void): Cancel;
  /** Calls `callback` once, at the end of this turn of the event loop; gives what cancels it. */
  soon(callback: () => void): Cancel;
}

export type Cancel = () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  soon(callback) {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};

/** Resolves after `delayMs`, or at once when `signal` aborts (it never rejects). */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** Resolves in the event loop's next turn: sockets that were written to in this one have been flushed then. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.soon(() => clock.soon(resolve)));
}

/**
 * Lets timers, sockets and file events have their turn before work goes on. An answer over HTTP needs more than one
 * turn (accept, read, handle, write): after a single one it would wait for the next slice, too.
 */
export async function yieldToEventLoop(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
