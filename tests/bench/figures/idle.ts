/** What the program costs while nothing happens: processor time of the sidecar's process, and how often it wakes up. */
import { type Figure, thousands, wait } from "../bench.ts";
import { processorMs, wakeUps } from "../process_usage.ts";
import type { Row } from "../report.ts";
import { Sidecar } from "../sidecar.ts";
import { Writer } from "../writer.ts";

/** Per cent of a core, and wake-ups a second. */
const BOUNDS = {
  "file events": { processor: 0.2, wakeUps: 5 },
  "polling alone": { processor: 0.5, wakeUps: 12 },
} as const;

export const idleFigure: Figure = {
  name: "idle",
  async run({ sizes, ground }) {
    // deno-lint-ignore no-undef -- the rule does not know it yet
    await using stack = new AsyncDisposableStack();
    const idle: { readonly sidecar: Sidecar; readonly name: keyof typeof BOUNDS }[] = [];
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
    await Promise.all(idle.map(({ sidecar }) => workIsDone(sidecar.pid)));
    const before = idle.map(({ sidecar }) => usageOf(sidecar.pid));
    const startedAt = performance.now();
    await wait(sizes.idleMs);
    const tookMs = performance.now() - startedAt;
    return idle.flatMap(({ sidecar, name }, i): Row[] => {
      const used = usageOf(sidecar.pid);
      const usedBefore = before[i];
      if (used === null || usedBefore === null || usedBefore === undefined) return [];
      const figure = `idle for ${(tookMs / 1000).toFixed(0)} s, ${
        thousands(sizes.messages)
      } messages, ${name}`;
      const processor = used.processorMs - usedBefore.processorMs;
      return [{
        figure,
        measured: processor * 100 / tookMs,
        unit: "%",
        bound: BOUNDS[name].processor,
        note:
          `${processor} ms of processor time (user and system, all threads), after everything was compared`,
      }, {
        figure: `${figure}: wake-ups`,
        measured: (used.wakeUps - usedBefore.wakeUps) * 1000 / tookMs,
        unit: "/s",
        bound: BOUNDS[name].wakeUps,
      }];
    });
  },
};

const WINDOW_MS = 3_000;
const MOST_WINDOWS = 60;

/** After a start everything is compared, which takes its time: that is work, and no idleness. Throws when it has no end. */
async function workIsDone(pid: number): Promise<void> {
  for (let i = 0; i < MOST_WINDOWS; i++) {
    const before = processorMs(pid);
    if (before === null) return;
    await wait(WINDOW_MS);
    if ((processorMs(pid) ?? 0) - before < WINDOW_MS / 50) return;
  }
  throw new Error(`The sidecar still works after ${MOST_WINDOWS * WINDOW_MS / 1000} s`);
}

function usageOf(pid: number): { readonly processorMs: number; readonly wakeUps: number } | null {
  const processor = processorMs(pid);
  const wakes = wakeUps(pid);
  return processor === null || wakes === null ? null : { processorMs: processor, wakeUps: wakes };
}
