/** What it costs to follow changes: an edit of the oldest message, passes that read the WAL, the walk over everything. */
import * as v from "valibot";
import { walChanges } from "../../../src/app/wal_changes.ts";
import { startMessagesProcess } from "../../../src/simulator/messages_process.ts";
import { type Bench, type Figure, thousands, wait } from "../bench.ts";
import type { Place } from "../ground.ts";
import { median, quantile } from "../quantiles.ts";
import type { Row } from "../report.ts";
import { PROGRAM, type Ready, Sidecar } from "../sidecar.ts";
import { Subject } from "./pass.ts";

const FEW = 20_000;

export const editFigure: Figure = {
  name: "edit",
  async run({ sizes, ground }) {
    const few = await measureEdits(ground, FEW, sizes.passes / 2);
    const many = await measureEdits(ground, sizes.messages, sizes.passes / 2);
    const row = (messages: number, times: readonly number[], bound: number | null): Row => ({
      figure: `edit of the oldest of ${thousands(messages)} → message.updated: p50`,
      measured: quantile(times, 0.5),
      unit: "ms",
      bound,
    });
    return [row(FEW, few, null), row(sizes.messages, many, 10), {
      figure: `the same, ${thousands(sizes.messages)} against ${thousands(FEW)}`,
      measured: quantile(many, 0.5) / quantile(few, 0.5),
      unit: "×",
      bound: 1.5,
    }];
  },
};

const Updated = v.looseObject({ data: v.looseObject({ values: v.looseObject({ content: v.string() }) }) });

async function measureEdits(ground: Bench["ground"], messages: number, count: number): Promise<number[]> {
  const place = await ground.imported(messages);
  await using app = startMessagesProcess({ command: PROGRAM, db: place.messagesDb, seed: 4_711 });
  const [oldest] = await app.sql(
    "SELECT guid FROM message WHERE item_type = 0 AND associated_message_type = 0 AND attributedBody IS NOT NULL ORDER BY ROWID LIMIT 1",
  );
  await using sidecar = await Sidecar.start(place);
  await sidecar.live;
  const arrivals = new Map<string, number>();
  const socket = await listen(sidecar.ready, arrivals);
  // The comparison after the start is another figure.
  await compared(sidecar.ready);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const text = `edited ${messages} ${i}`;
    const { committedAtMs } = await app.edit({ guid: String(oldest?.["guid"]), text });
    await wait(60 + (i * 7) % 25);
    for (let waited = 0; !arrivals.has(text) && waited < 5_000; waited += 20) await wait(20);
    times.push((arrivals.get(text) ?? NaN) - committedAtMs);
  }
  socket.close();
  return times;
}

/** Until the comparison after the start is done. */
export async function compared(ready: Ready): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const response = await fetch(`${ready.url}/api/v1/status`, {
      headers: { authorization: `Bearer ${ready.token}` },
    });
    if (v.parse(v.looseObject({ reconcile: v.unknown() }), await response.json()).reconcile !== null) return;
    await wait(500);
  }
  throw new Error("The comparison after the start did not end in a minute");
}

async function listen(ready: Ready, arrivals: Map<string, number>): Promise<WebSocket> {
  const socket = new WebSocket(`${ready.ws}?token=${encodeURIComponent(ready.token)}`);
  const subscribed = Promise.withResolvers<void>();
  socket.addEventListener("open", () => socket.send('{"type":"subscribe","topics":["chats"]}'));
  socket.addEventListener("error", () => subscribed.reject(new Error("The socket failed")));
  socket.addEventListener("message", ({ data }) => {
    const atMs = performance.timeOrigin + performance.now();
    const text = String(data);
    if (text.includes('"type":"subscribed"')) subscribed.resolve();
    if (!text.includes('"event":"message.updated"')) return;
    arrivals.set(v.parse(Updated, JSON.parse(text)).data.values.content, atMs);
  });
  await subscribed.promise;
  return socket;
}

export const walPassFigure: Figure = {
  name: "wal-pass",
  async run({ sizes, ground }) {
    const places = [await ground.imported(sizes.messages), await ground.imported(sizes.messages)];
    const times = passesWithAndWithout(places, sizes.passes);
    const [without = NaN, withWal = NaN] = times.map((each) => median(each));
    return [
      { figure: "live pass without reading the WAL", measured: without, unit: "ms", bound: null },
      { figure: "live pass reading the WAL", measured: withWal, unit: "ms", bound: null },
      {
        figure: "live pass, reading the WAL against not",
        measured: withWal / without,
        unit: "×",
        bound: 1.3,
      },
    ];
  },
};

function passesWithAndWithout([plain, followed]: readonly Place[], passes: number): [number[], number[]] {
  if (plain === undefined || followed === undefined) throw new RangeError("Two places are needed");
  using without = new Subject(plain);
  using withWal = new Subject(followed, walChanges(followed.messagesDb));
  const times: [number[], number[]] = [[], []];
  // In turn: the machine's noise meets both alike.
  for (let i = 0; i < passes; i++) {
    times[0].push(without.pass(false, true));
    times[1].push(withWal.pass(false, true));
  }
  return times;
}

export const reconcileFigure: Figure = {
  name: "reconcile",
  async run({ sizes, ground }) {
    const place = await ground.imported(sizes.messages);
    using subject = new Subject(place, walChanges(place.messagesDb));
    const slices = subject.reconcile();
    return [
      {
        figure: `comparing all of ${thousands(sizes.messages)} messages, idle`,
        measured: slices.reduce((sum, ms) => sum + ms, 0) / 1000,
        unit: "s",
        bound: 10,
        note: `${slices.length} slices, the longest ${Math.max(...slices).toFixed(1)} ms`,
      },
      {
        figure: "the same: what a commit waits for, p99",
        measured: quantile(slices, 0.99),
        unit: "ms",
        bound: 20,
      },
    ];
  },
};
