/** Commit in the other process to event at a WebSocket client, one message every 100 ms. */
import { type Bench, type Figure, thousands } from "../bench.ts";
import { firstAfterIdleRows } from "../first_after_idle.ts";
import { EventClient, latencies } from "../event_client.ts";
import type { Place } from "../ground.ts";
import { latencyRows } from "../latency_rows.ts";
import type { Row } from "../report.ts";
import { Sidecar, type SidecarOptions } from "../sidecar.ts";
import { Writer } from "../writer.ts";

export const latencyFigure: Figure = {
  name: "latency",
  async run({ sizes, ground }) {
    const rows: Row[] = [];
    for (const place of await emptyAndLarge({ sizes, ground })) {
      const times = await measureLatency(place, sizes.latencyMessages, {});
      rows.push(...latencyRows(`commit → client, file events, ${place.holds}`, times, { p50: 2.5, p99: 15 }));
      ground.drop(place);
    }
    return [...rows, ...await firstAfterIdleRows({ sizes, ground }, true)];
  },
};

export async function emptyAndLarge(
  { sizes, ground }: Bench,
): Promise<readonly (Place & { readonly holds: string })[]> {
  return [
    { ...ground.newPlace(), holds: "empty database" },
    { ...await ground.imported(sizes.messages), holds: `${thousands(sizes.messages)} messages` },
  ];
}

export async function measureLatency(
  place: Place,
  messages: number,
  options: SidecarOptions,
): Promise<readonly number[]> {
  await using writer = await Writer.start(place);
  await using sidecar = await Sidecar.start(place, options);
  await sidecar.live;
  await using client = await EventClient.connect(sidecar.ready);
  const sent = await writer.sendEvery(100, messages);
  await client.have(sent.map(({ guid }) => guid), 10_000);
  return latencies(sent, client.arrivals);
}
