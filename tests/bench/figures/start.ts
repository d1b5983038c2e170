/** Start to the line `ready`, over what any Deno program needs to print a line. */
import { type Figure, thousands } from "../bench.ts";
import { median } from "../quantiles.ts";
import { Sidecar } from "../sidecar.ts";

export const startFigure: Figure = {
  name: "start",
  async run({ sizes, ground }) {
    const place = await ground.imported(sizes.messages);
    const ours: number[] = [];
    const empty: number[] = [];
    for (let i = 0; i < sizes.starts; i++) {
      empty.push(await startOfEmpty());
      await using sidecar = await Sidecar.start(place);
      ours.push(sidecar.startMs);
      // Nothing to do: it must not be ended before it has found that out.
      await sidecar.live;
    }
    ground.drop(place);
    return [{
      figure: `start to ready, ${thousands(sizes.messages)} messages, over an empty program`,
      measured: median(ours) - median(empty),
      unit: "ms",
      bound: 300,
      note: `medians of ${sizes.starts}: ours ${median(ours).toFixed(0)} ms, empty ${
        median(empty).toFixed(0)
      } ms`,
    }];
  },
};

async function startOfEmpty(): Promise<number> {
  const startedAt = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", new URL("../programs/empty.ts", import.meta.url).pathname],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const tookMs = performance.now() - startedAt;
  await reader.cancel();
  await child.status;
  return tookMs;
}
