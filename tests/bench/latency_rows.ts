/** Times from a commit to a client, as rows of the table. */
import { quantile } from "./quantiles.ts";
import type { Row } from "./report.ts";

export function latencyRows(
  name: string,
  times: readonly number[],
  bounds: { readonly p50: number; readonly p99: number | null },
): Row[] {
  const row = (which: string, q: number, bound: number | null): Row => ({
    figure: `${name}: ${which}`,
    measured: quantile(times, q),
    unit: "ms",
    bound,
  });
  return [row("p50", 0.5, bounds.p50), row("p99", 0.99, bounds.p99)];
}
