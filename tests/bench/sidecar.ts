/** The real program as a child, `main.ts run --sidecar`: what is measured is what a user runs. */
import * as v from "valibot";
import { readLines } from "../../src/simulator/wire.ts";
import type { Place } from "./ground.ts";

export const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** What starts our program, before its own words. */
export const PROGRAM: readonly string[] = [Deno.execPath(), "run", "-A", "--no-prompt", MAIN];

const Ready = v.looseObject({ type: v.literal("ready"), url: v.string(), ws: v.string(), token: v.string() });
export type Ready = v.InferOutput<typeof Ready>;

export interface SidecarOptions {
  /** Default true. */
  readonly fileEvents?: boolean;
  /** Default: one that is not there. */
  readonly addressBook?: string;
  /** Default 60. */
  readonly contactsIntervalSeconds?: number;
  /** Another program that speaks as ours does, with all its words. Default: ours, as the other options say. */
  readonly program?: readonly string[];
}

export class Sidecar implements AsyncDisposable {
  readonly ready: Ready;
  /** `performance.now()` when the first line was there. */
  readonly readyAt: number;
  /** From spawn to the first line, in milliseconds. */
  readonly startMs: number;
  /** `performance.now()` when `import.completed` came on stdout. */
  readonly importCompleted: Promise<number>;
  /** When the state `live` was told. */
  readonly live: Promise<number>;
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;

  private constructor(
    child: Deno.ChildProcess,
    lines: AsyncGenerator<string>,
    first: string,
    startedAt: number,
  ) {
    this.#child = child;
    this.readyAt = performance.now();
    this.startMs = this.readyAt - startedAt;
    this.ready = v.parse(Ready, JSON.parse(first));
    const completed = Promise.withResolvers<number>();
    const live = Promise.withResolvers<number>();
    this.importCompleted = completed.promise;
    this.live = live.promise;
    this.#read = readOn(lines, {
      '"event":"import.completed"': completed.resolve,
      '"state":"live"': live.resolve,
    }).then(() => {
      // Whoever still waits must learn that nothing more comes; nobody needs to wait.
      const gone = new Error("The sidecar ended before it said so");
      for (const waiting of [completed, live]) {
        waiting.promise.catch(() => {});
        waiting.reject(gone);
      }
    });
  }

  static async start(place: Place, options: SidecarOptions = {}): Promise<Sidecar> {
    const startedAt = performance.now();
    const [program, ...args] = options.program ?? sidecarCommand(place, options);
    const child = new Deno.Command(program ?? "", {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = readLines(child.stdout);
    const first = await lines.next();
    if (first.done) {
      throw new Error(`Cannot measure: the sidecar ended: exit code ${(await child.status).code}`);
    }
    return new Sidecar(child, lines, first.value, startedAt);
  }

  get pid(): number {
    return this.#child.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close();
    await this.#read;
    await this.#child.status;
  }
}

export function sidecarCommand(place: Place, options: SidecarOptions = {}): readonly string[] {
  const { fileEvents = true, addressBook, contactsIntervalSeconds = 60 } = options;
  return [
    ...PROGRAM,
    "run",
    "--sidecar",
    "--messages-db",
    place.messagesDb,
    "--database",
    place.database,
    "--addressbook-dir",
    addressBook ?? `${place.database}-no-contacts`,
    "--contacts-interval",
    String(contactsIntervalSeconds),
    "--log-level",
    "warning",
    ...fileEvents ? [] : ["--no-file-events"],
  ];
}

/** Reads to the end, and only searches: parsing every line here would take time from what is measured. */
async function readOn(
  lines: AsyncGenerator<string>,
  awaited: Readonly<Record<string, (at: number) => void>>,
): Promise<void> {
  for await (const line of lines) {
    for (const [part, tell] of Object.entries(awaited)) {
      if (line.includes(part)) tell(performance.now());
    }
  }
}
