import { type Clock, systemClock } from "../../src/platform/clock.ts";

/** A clock on which every wait is over at once; it stands at `startMs` and moves only by waiting. */
export function fastClock(
  startMs = Date.UTC(2025, 0, 1),
  onTime: (elapsedMs: number) => void = () => {},
): Clock {
  let elapsed = 0;
  return {
    now: () => startMs + Math.round(elapsed),
    monotonic: () => elapsed,
    after(delayMs, callback) {
      let cancelled = false;
      queueMicrotask(() => {
        if (cancelled) return;
        elapsed += delayMs;
        onTime(elapsed);
        callback();
      });
      return () => {
        cancelled = true;
      };
    },
    soon: systemClock.soon,
  };
}
