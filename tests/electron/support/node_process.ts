/** A parent of the sidecar: a program of Node's, whose JSON Lines are read as they come. */
import * as v from "valibot";
import { until } from "../../support/until.ts";
import { TextLineStream } from "../../support/text_lines.ts";

const Told = v.looseObject({
  told: v.string(),
  seq: v.optional(v.number()),
  pid: v.optional(v.number()),
  event: v.optional(v.string()),
  guid: v.optional(v.string()),
  code: v.optional(v.string()),
  message: v.optional(v.string()),
  state: v.optional(v.string()),
  type: v.optional(v.string()),
  feed: v.optional(v.string()),
  afterMs: v.optional(v.number()),
  position: v.optional(v.nullable(v.object({ feed: v.string(), seq: v.number() }))),
});
export type Told = v.InferOutput<typeof Told>;

/** The options of `Sidecar`, its handlers left out. */
export interface ParentOptions {
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  readonly position?: { readonly feed: string; readonly seq: number };
  /** The handler of the first event throws. */
  readonly failsFirst?: boolean;
  readonly patience?: { readonly shutdown: number; readonly terminate: number };
  readonly pause?: { readonly first: number; readonly longest: number; readonly longLife: number };
}

const parentModule = new URL("./parent.mjs", import.meta.url).pathname;

export class NodeProcess implements AsyncDisposable {
  readonly told: Told[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #read: Promise<void>;

  /** `isGone`: whether its sidecar has ended; waited for at the end, as that is a process of its own. */
  constructor(
    args: readonly string[],
    private readonly isGone: () => boolean = () => true,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = new Deno.Command("node", {
      args: [...args],
      env: { ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#read = this.#readLines();
  }

  async #readLines(): Promise<void> {
    for await (const line of this.#child.stdout.pipeThrough(new TextLineStream())) {
      this.told.push(v.parse(Told, JSON.parse(line)));
    }
  }

  /** The first of these, once it is there, among what was told from `from` on. */
  async first(matches: (told: Told) => boolean, what: string, from = 0): Promise<Told> {
    await until(() => this.told.slice(from).some(matches), `${what}; told: ${this.summary()}`);
    const found = this.told.slice(from).find(matches);
    if (found === undefined) throw new Error(`No ${what}`);
    return found;
  }

  /** GUIDs of the messages that events told of, in order. */
  get guids(): string[] {
    return this.told.flatMap(({ told, guid }) => told === "event" && guid !== undefined ? [guid] : []);
  }

  get seqs(): number[] {
    return this.told.flatMap(({ told, seq }) => told === "event" && seq !== undefined ? [seq] : []);
  }

  summary(): string {
    return this.told.map(({ told, seq, state, code }) => [told, seq ?? state ?? code].join(" ")).slice(-20)
      .join(", ");
  }

  async say(word: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${word}\n`));
  }

  /** SIGKILL: the sidecar only notices that its stdin has ended. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async ended(): Promise<Deno.CommandStatus> {
    const status = await this.#child.status;
    await this.#read;
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill();
    } catch {
      // It has ended already.
    }
    await this.ended();
    await this.#input.close().catch(() => {});
    await until(this.isGone, "the end of the sidecar");
  }
}

/** `parent.mjs`, which hands the options to the example's `Sidecar` and prints what its handlers are given. */
export class NodeParent extends NodeProcess {
  constructor(options: ParentOptions, isGone?: () => boolean) {
    super([parentModule, JSON.stringify(options)], isGone);
  }
}
