/**
 * The program as a sidecar, that notes how long each step with events took until they were handed on, and writes that to
 * a file at its end: `timed_child.ts JSON`, see {@link TimedChildOptions}.
 */
import * as v from "valibot";
import { start } from "../../src/app/app.ts";
import { type Clock, systemClock } from "../../src/platform/clock.ts";

const TimedChildOptions = v.object({
  database: v.string(),
  messagesDb: v.string(),
  /** Where it writes what it noted: JSON, see {@link Timings}. */
  timings: v.string(),
});
export type TimedChildOptions = Readonly<v.InferInput<typeof TimedChildOptions>>;

/** Milliseconds from a step's begin to each label, one number a step, in the order in which they were passed. */
export const Timings = v.record(v.string(), v.array(v.number()));
export type Timings = v.InferOutput<typeof Timings>;

/** The arguments that start it. */
export function timedChildArgs(options: TimedChildOptions): string[] {
  return [new URL(import.meta.url).pathname, JSON.stringify(options)];
}

/** Keeps what the steps pass; of those that bring no event nothing. */
class StepTimes {
  readonly kept: Record<string, number[]> = {};
  #askedAt = 0;
  #startedAt = 0;
  #passed: { readonly label: string; readonly ms: number }[] = [];

  /** The last thing that the runner does before a step is to ask what time it is. */
  readonly clock: Clock = {
    ...systemClock,
    monotonic: () => this.#askedAt = performance.now(),
  };

  readonly probe = (label: string): void => {
    const now = performance.now();
    if (label === "pass.before_transaction") {
      this.#startedAt = this.#askedAt;
      this.#passed = [];
    }
    this.#passed.push({ label, ms: now - this.#startedAt });
    if (label !== "announce.after") return;
    for (const passed of this.#passed) (this.kept[passed.label] ??= []).push(passed.ms);
  };
}

async function main(json: string): Promise<void> {
  const { timings, ...paths } = v.parse(TimedChildOptions, JSON.parse(json));
  const times = new StepTimes();
  const app = await start({
    // As the sidecar that imported had it: with another one every attachment's path would differ.
    home: Deno.env.get("HOME") ?? "",
    ...paths,
    addressbookDir: `${paths.database}-no-contacts`,
    port: 0,
    token: "bench-token",
    allowOrigins: [],
    contactsIntervalSeconds: 60,
    syncCooldownSeconds: 60,
    conversationGapMinutes: 90,
    region: "US",
    sidecar: true,
    logLevel: "error",
    logFormat: "json",
    fileEvents: true,
    wait: false,
  }, {
    clock: times.clock,
    stdio: { readable: Deno.stdin.readable, writable: Deno.stdout.writable },
    probe: times.probe,
  });
  await app.finished;
  await app.stop();
  Deno.writeTextFileSync(timings, JSON.stringify(times.kept));
}

if (import.meta.main) {
  Deno.umask(0o077);
  await main(Deno.args[0] ?? "{}");
  Deno.exit(0);
}
