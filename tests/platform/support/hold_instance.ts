/** Holds the lock of the database in its first argument until stdin ends. */
import { systemClock } from "../../../src/platform/clock.ts";
import { acquireInstance } from "../../../src/platform/instance.ts";

const database = Deno.args[0] ?? "";
const { lock } = await acquireInstance(database, systemClock);
lock?.publish({
  pid: Deno.pid,
  url: "http://127.0.0.1:2",
  ws: "ws://127.0.0.1:2/ws",
  token: "other",
  feed: "f",
  version: "0",
  started_at: "2026-11-22T14:00:00.000Z",
  database,
});
console.log(lock ? "held" : "refused");
for await (const _chunk of Deno.stdin.readable);
lock?.release();
