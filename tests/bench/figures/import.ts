/** First import against the bare statement: time, memory, and how long the event loop is held. */
import { type Bench, type Figure, thousands, wait } from "../bench.ts";
import { peakMemoryMb } from "../process_usage.ts";
import type { Row } from "../report.ts";
import { type Ready, Sidecar } from "../sidecar.ts";

export interface ImportMeasured {
  /** From the line `ready` to `import.completed`, milliseconds. */
  readonly importMs: number;
  readonly bareMs: number;
  readonly peakMb: number | null;
  readonly longestHoldMs: number;
}

export const importFigure: Figure = {
  name: "import",
  async run({ sizes, ground }) {
    const runs: ImportMeasured[] = [];
    for (let i = 0; i < sizes.importRuns; i++) runs.push(await measureImport(ground, sizes.messages));
    return importRows(sizes.messages, runs, 200);
  },
};

/** Best time of the runs; of memory and of the loop's hold the worst. */
export function importRows(messages: number, runs: readonly ImportMeasured[], peakBoundMb: number): Row[] {
  const importMs = Math.min(...runs.map((run) => run.importMs));
  const bareMs = Math.min(...runs.map((run) => run.bareMs));
  const peaks = runs.flatMap(({ peakMb }) => peakMb ?? []);
  const name = `import of ${thousands(messages)} messages`;
  return [
    {
      figure: `${name}: times the bare statement`,
      measured: importMs / bareMs,
      unit: "×",
      bound: 2.5,
      note: `import ${seconds(runs.map((run) => run.importMs))}, bare statement ` +
        `${seconds(runs.map((run) => run.bareMs))}, in turn; the best of each counts`,
    },
    ...peaks.length === 0 ? [] : [
      {
        figure: `${name}: peak memory (VmHWM)`,
        measured: Math.max(...peaks),
        unit: "MB",
        bound: peakBoundMb,
      } satisfies Row,
    ],
    {
      figure: `${name}: event loop held`,
      measured: Math.max(...runs.map((run) => run.longestHoldMs)),
      unit: "ms",
      bound: 250,
      note: `seen from outside: the longest answer to GET /health, asked again 10 ms after the last; each ` +
        `run's: ${runs.map((run) => run.longestHoldMs.toFixed(0)).join(", ")} ms`,
    },
  ];
}

/** One of each, the bare statement first, so that both find the source in the page cache. */
export async function measureImport(ground: Bench["ground"], messages: number): Promise<ImportMeasured> {
  const bareMs = await bareStatement(ground, messages);
  const place = ground.unimported(messages);
  let measured: Omit<ImportMeasured, "bareMs">;
  {
    await using sidecar = await Sidecar.start(place);
    const asking = new AbortController();
    const longestHold = longestAnswer(sidecar.ready, asking.signal);
    const importMs = await sidecar.importCompleted - sidecar.readyAt;
    const peakMb = peakMemoryMb(sidecar.pid);
    asking.abort();
    measured = { importMs, peakMb, longestHoldMs: await longestHold };
  }
  ground.keepImported(messages, place);
  return { ...measured, bareMs };
}

async function bareStatement(ground: Bench["ground"], messages: number): Promise<number> {
  const { messagesDb, database } = { ...ground.newPlace(), messagesDb: ground.filled(messages) };
  const folder = database.slice(0, database.lastIndexOf("/ours/"));
  const script = new URL("../programs/bare_statement.ts", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", script, messagesDb, `${folder}/bare.db`],
    stderr: "inherit",
  }).output();
  Deno.removeSync(folder, { recursive: true });
  if (!success) throw new Error("The bare statement failed");
  return Number(new TextDecoder().decode(stdout));
}

async function longestAnswer({ url, token }: Ready, signal: AbortSignal): Promise<number> {
  let longest = 0;
  while (!signal.aborted) {
    const askedAt = performance.now();
    const answer = await fetch(new URL("/health", url), { headers: { authorization: `Bearer ${token}` } });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`GET /health answered ${answer.status}`);
    longest = Math.max(longest, performance.now() - askedAt);
    await wait(10);
  }
  return longest;
}

function seconds(times: readonly number[]): string {
  return `${times.map((ms) => (ms / 1000).toFixed(2)).join(", ")} s`;
}
