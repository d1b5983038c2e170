/** The same without file events, as on a Mac: while people write, and the first message after a quiet time. */
import type { Figure } from "../bench.ts";
import { firstAfterIdleRows } from "../first_after_idle.ts";
import { latencyRows } from "../latency_rows.ts";
import type { Row } from "../report.ts";
import { emptyAndLarge, measureLatency } from "./latency.ts";

export const noFileEventsFigure: Figure = {
  name: "no-file-events",
  async run({ sizes, ground }) {
    const rows: Row[] = [];
    for (const place of await emptyAndLarge({ sizes, ground })) {
      const times = await measureLatency(place, sizes.latencyMessages, { fileEvents: false });
      rows.push(...latencyRows(`commit → client, polling, ${place.holds}`, times, { p50: 20, p99: null }));
      ground.drop(place);
    }
    return [...rows, ...await firstAfterIdleRows({ sizes, ground }, false)];
  },
};
