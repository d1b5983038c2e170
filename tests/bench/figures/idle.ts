/** What the program costs while nothing happens: processor time of the sidecar's process. */
import { type Figure, thousands, wait } from "../bench.ts";
import { processorMs } from "../process_usage.ts";
import type { Row } from "../report.ts";
import { Sidecar } from "../sidecar.ts";
import { Writer } from "../writer.ts";

export const idleFigure: Figure = {
  name: "idle",
  async run({ sizes, ground }) {
    // deno-lint-ignore no-undef -- the rule does not know it yet
    await using stack = new AsyncDisposableStack();
    const idle: { readonly sidecar: Sidecar; readonly name: string }[] = [];
    // Both at once: each is a process, and what counts is what the kernel booked on it.
    for (const fileEvents of [true, false]) {
      const place = await ground.imported(sizes.messages);
      // Messages runs and has its database open, as it is on a Mac.
      const writer = stack.use(await Writer.start(place));
      const sidecar = stack.use(await Sidecar.start(place, { fileEvents }));
      await sidecar.live;
      await writer.send();
      idle.push({ sidecar, name: fileEvents ? "file events" : "polling alone" });
    }
    await wait(sizes.settleMs);
    const before = idle.map(({ sidecar }) => processorMs(sidecar.pid));
    const startedAt = performance.now();
    await wait(sizes.idleMs);
    const tookMs = performance.now() - startedAt;
    return idle.flatMap(({ sidecar, name }, i): Row[] => {
      const used = processorMs(sidecar.pid);
      const usedBefore = before[i];
      if (used === null || usedBefore === null || usedBefore === undefined) return [];
      return [{
        figure: `idle for ${(tookMs / 1000).toFixed(0)} s, ${thousands(sizes.messages)} messages, ${name}`,
        measured: (used - usedBefore) * 100 / tookMs,
        unit: "%",
        bound: 0.6,
        note: `${used - usedBefore} ms of processor time (user and system, all threads), from ` +
          `${(sizes.settleMs / 1000).toFixed(0)} s after the last message on`,
      }];
    });
  },
};
