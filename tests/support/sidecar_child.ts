/**
 * The program as a sidecar, in a process of its own, that ends itself with SIGKILL at a named step:
 * `sidecar_child.ts JSON`, see {@link ChildOptions}.
 */
import * as v from "valibot";
import { start } from "../../src/app/app.ts";
import { type Clock, systemClock } from "../../src/platform/clock.ts";

const ChildOptions = v.object({
  database: v.string(),
  messagesDb: v.string(),
  addressbookDir: v.optional(v.string(), "/nowhere"),
  /** Where it ends itself; none: nowhere. */
  label: v.optional(v.string()),
  /** The how many-th time it comes there. */
  nth: v.optional(v.number(), 1),
  deferIndexesAbove: v.optional(v.number(), 20_000),
  /** Timers of ten seconds and more come so many times earlier: what happens once an hour need not be waited for. */
  hurry: v.optional(v.number(), 1),
  /** At each SIGUSR2 the wall clock jumps by the next of these, milliseconds. */
  wallJumpsMs: v.optional(v.array(v.number()), []),
  /** At each SIGUSR1 it has been idle for so long, milliseconds: the monotonic clock jumps. */
  idleMs: v.optional(v.number()),
  /** Collects garbage so often, milliseconds; V8 must be started with --expose-gc. */
  collectEveryMs: v.optional(v.number()),
});
export type ChildOptions = Readonly<v.InferInput<typeof ChildOptions>>;

/** The arguments that start it. */
export function childArgs(options: ChildOptions): string[] {
  return [new URL(import.meta.url).pathname, JSON.stringify(options)];
}

const LONG_TIMER_MS = 10_000;

function makeClock(hurry: number, wallJumpsMs: readonly number[], idleMs?: number): Clock {
  let jumpedMs = 0;
  let idledMs = 0;
  if (idleMs !== undefined) Deno.addSignalListener("SIGUSR1", () => idledMs += idleMs);
  const jumps = wallJumpsMs.values();
  if (wallJumpsMs.length > 0) Deno.addSignalListener("SIGUSR2", () => jumpedMs += jumps.next().value ?? 0);
  return {
    now: () => Date.now() + jumpedMs,
    monotonic: () => performance.now() + idledMs,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs < LONG_TIMER_MS ? delayMs : delayMs / hurry);
      return () => clearTimeout(timer);
    },
    soon: systemClock.soon,
  };
}

function collectEvery(intervalMs: number): void {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc !== "function") throw new TypeError("V8 must be started with --expose-gc");
  setInterval(() => gc(), intervalMs);
}

async function main(json: string): Promise<void> {
  const options = v.parse(ChildOptions, JSON.parse(json));
  if (options.collectEveryMs !== undefined) collectEvery(options.collectEveryMs);
  let left = options.nth;
  const app = await start({
    home: "/Users/jane",
    messagesDb: options.messagesDb,
    addressbookDir: options.addressbookDir,
    database: options.database,
    port: 0,
    token: "test-token",
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
    clock: makeClock(options.hurry, options.wallJumpsMs, options.idleMs),
    stdio: { readable: Deno.stdin.readable, writable: Deno.stdout.writable },
    limits: { deferIndexesAbove: options.deferIndexesAbove },
    probe: (passed) => {
      if (passed === options.label && --left === 0) Deno.kill(Deno.pid, "SIGKILL");
    },
  });
  await app.finished;
  await app.stop();
}

if (import.meta.main) {
  Deno.umask(0o077);
  await main(Deno.args[0] ?? "{}");
  Deno.exit(0);
}
