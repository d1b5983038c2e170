import { deepEqual, equal } from "node:assert/strict";
import { superviseLoops } from "../../../src/sync/loops/supervisor.ts";

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

Deno.test("superviseLoops() names the loop that failed, while the others go on until the signal aborts", async () => {
  const stop = new AbortController();
  const error = new Error("unforeseen");
  const ended: string[] = [];
  const { failed, ended: all } = superviseLoops([
    {
      name: "good",
      run: async (signal) => {
        await untilAborted(signal);
        ended.push("good");
      },
    },
    { name: "bad", run: () => Promise.reject(error) },
  ], stop.signal);
  deepEqual(await failed, { loop: "bad", error });
  deepEqual(ended, []);
  stop.abort();
  await all;
  deepEqual(ended, ["good"]);
});

Deno.test("superviseLoops() also catches what a loop throws before its first await", async () => {
  const run = (): Promise<void> => {
    throw new TypeError("at once");
  };
  const { failed, ended } = superviseLoops([{ name: "hasty", run }], AbortSignal.abort());
  await ended;
  equal((await failed).loop, "hasty");
});
