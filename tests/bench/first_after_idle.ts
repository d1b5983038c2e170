/** The first message after a quiet time. */
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { type Bench, wait } from "./bench.ts";
import { EventClient, latencies } from "./event_client.ts";
import { latencyRows } from "./latency_rows.ts";
import type { Row } from "./report.ts";
import { Sidecar } from "./sidecar.ts";

export async function firstAfterIdleRows(bench: Bench, fileEvents: boolean): Promise<Row[]> {
  const times = await firstAfterIdle(bench, fileEvents);
  const how = fileEvents ? "file events" : "polling";
  const name = `first message after ${(bench.sizes.settleMs / 1000).toFixed(0)} s, ${how}`;
  const [p50, p99] = latencyRows(name, times, { p50: fileEvents ? 10 : 60, p99: null });
  const note = `${times.length} sidecars idle at once, one message each; committed by the client's process`;
  return [...p50 ? [{ ...p50, note }] : [], ...p99 ? [p99] : []];
}

/** Many sidecars wait at the same time, each with a Messages database of its own: one quiet half minute for all. */
async function firstAfterIdle(
  { sizes, ground }: Bench,
  fileEvents: boolean,
): Promise<readonly number[]> {
  // deno-lint-ignore no-undef -- the rule does not know it yet
  await using stack = new AsyncDisposableStack();
  const idle: { readonly app: MessagesApp; readonly chat: string; readonly client: EventClient }[] = [];
  for (let i = 0; i < sizes.idleSidecars; i++) {
    const place = ground.newPlace();
    const db: Connection = stack.use(createChatDatabase(place.messagesDb, { release: "macos15" }));
    const app = new MessagesApp(db);
    const chat = app.createChat({ address: "bench@example.com" }).guid;
    const sidecar = stack.use(await Sidecar.start(place, { fileEvents }));
    await sidecar.live;
    app.message({ chat, from: "bench@example.com", text: "So that the sidecar has heard of a message" });
    idle.push({ app, chat, client: stack.use(await EventClient.connect(sidecar.ready)) });
  }
  await wait(sizes.settleMs);
  const times: number[] = [];
  for (const [i, { app, chat, client }] of idle.entries()) {
    // Not in step with anything, and alone: one message at a time.
    await wait(200 + i * 37 % 100);
    const { guid } = app.message({ chat, from: "bench@example.com", text: "Are you there?" });
    const sent = { guid, committedAtMs: performance.timeOrigin + performance.now() };
    await client.have([guid], 10_000);
    times.push(...latencies([sent], client.arrivals));
  }
  return times;
}
