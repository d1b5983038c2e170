/** 200 messages a second: every one arrives exactly once, in the order of the feed, and soon. */
import type { Figure } from "../bench.ts";
import { type Arrival, EventClient, latencies } from "../event_client.ts";
import { quantile } from "../quantiles.ts";
import { Sidecar } from "../sidecar.ts";
import { type Sent, Writer } from "../writer.ts";

const PER_SECOND = 200;

export const burstFigure: Figure = {
  name: "burst",
  async run({ sizes, ground }) {
    const place = await ground.imported(sizes.messages);
    await using writer = await Writer.start(place);
    await using sidecar = await Sidecar.start(place);
    await sidecar.live;
    await using client = await EventClient.connect(sidecar.ready);
    const sent = await writer.traffic(PER_SECOND, sizes.burstSeconds);
    const lateMs = 10_000;
    await client.have(sent.map(({ guid }) => guid), lateMs).catch(() => {});
    const { missed, doubled, outOfOrder } = compare(sent, client.arrivals);
    const arrived = new Set(client.arrivals.map(({ guid }) => guid));
    const times = latencies(sent.filter(({ guid }) => arrived.has(guid)), client.arrivals);
    const name = `${PER_SECOND} messages a second for ${sizes.burstSeconds} s`;
    return [
      {
        figure: `${name}: not exactly once, in order`,
        measured: missed + doubled + outOfOrder,
        unit: "messages",
        bound: 0,
        note:
          `${sent.length} sent at ${rate(sent).toFixed(0)} a second; missed ${missed} (${lateMs / 1000} s ` +
          `after the last), doubled ${doubled}, out of order ${outOfOrder}`,
      },
      { figure: `${name}: p50`, measured: quantile(times, 0.5), unit: "ms", bound: null },
      { figure: `${name}: p99`, measured: quantile(times, 0.99), unit: "ms", bound: 250 },
    ];
  },
};

function compare(sent: readonly Sent[], arrivals: readonly Arrival[]) {
  const wanted = new Set(sent.map(({ guid }) => guid));
  const came = arrivals.filter(({ guid }) => wanted.has(guid));
  const distinct = new Set(came.map(({ guid }) => guid));
  const outOfOrder = came.filter(({ seq }, i) => seq <= (came[i - 1]?.seq ?? -1)).length;
  return { missed: wanted.size - distinct.size, doubled: came.length - distinct.size, outOfOrder };
}

function rate(sent: readonly Sent[]): number {
  const first = sent[0]?.committedAtMs ?? 0;
  const last = sent.at(-1)?.committedAtMs ?? 0;
  return (sent.length - 1) * 1000 / (last - first);
}
