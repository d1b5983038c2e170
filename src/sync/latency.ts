/** The last thousand times from commit to hand-out, for `status`. */
const KEPT = 1_000;

export class LatencyWindow {
  readonly #values: number[] = [];
  #next = 0;

  /** `latencyMs` from the source file's last change to the events being handed out. */
  add(latencyMs: number): void {
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Milliseconds, rounded to tenths; null before the first. */
  quantiles(): { readonly p50: number | null; readonly p99: number | null } {
    const sorted = this.#values.toSorted((a, b) => a - b);
    const at = (share: number) => {
      const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
      return value === undefined ? null : Math.round(value * 10) / 10;
    };
    return { p50: at(0.5), p99: at(0.99) };
  }
}
