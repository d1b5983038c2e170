/** Work that many happenings ask for, done once for all of them. */

export interface Timers {
  after(delayMs: number, callback: () => void): () => void;
}

export const windowTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Calls `work` at once, then at most every `gapMs`; never twice at a time, and once more for what was asked meanwhile.
 *
 *   idle ── ask ──▶ working ── done ──▶ resting ── gap over ──▶ idle, or working again when asked since
 */
export function paced(work: () => Promise<void>, gapMs: number, timers: Timers = windowTimers): () => void {
  let state: "idle" | "busy" = "idle";
  let isAsked = false;
  const ask = () => {
    if (state === "busy") {
      isAsked = true;
      return;
    }
    state = "busy";
    isAsked = false;
    work().finally(() =>
      timers.after(gapMs, () => {
        state = "idle";
        if (isAsked) ask();
      })
    );
  };
  return ask;
}
