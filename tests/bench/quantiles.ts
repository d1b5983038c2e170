/** Nearest-rank quantiles: every figure is a value that was measured, none lies between two. */

/** `q` from 0 to 1. Throws a RangeError when there are no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("Cannot take a quantile of no values");
  return found;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
