/** Runs main.ts as a real process, with an environment that holds nothing of ours. */
import assert from "node:assert/strict";

const mainModule = new URL("../../../main.ts", import.meta.url).pathname;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(changes: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR"];
  const inherited = kept.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...changes };
}

/** To its end, with an empty stdin. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", mainModule, ...args],
    clearEnv: true,
    env: environment(env),
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** A process that runs until it is stopped; its stdout and stderr are read line by line as they come. */
export class RunningProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #out: Lines;
  readonly #err: Lines;

  /**
   * `before`: words that stand before the command, such as another program that starts it; `entry`: another main
   * module that ends up in ours.
   */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    before: readonly string[] = [],
    entry: string = mainModule,
  ) {
    const [command = "", ...rest] = [
      ...before,
      Deno.execPath(),
      "run",
      "-A",
      "--no-prompt",
      entry,
      ...args,
    ];
    this.#child = new Deno.Command(command, {
      args: rest,
      clearEnv: true,
      env: environment(env),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#out = new Lines(this.#child.stdout);
    this.#err = new Lines(this.#child.stderr);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The first line of stdout that `matches`, also one that came before; fails when the stream ends without it. */
  lineOut(matches: (line: string) => boolean): Promise<string> {
    return this.#out.find(matches);
  }

  lineErr(matches: (line: string) => boolean): Promise<string> {
    return this.#err.find(matches);
  }

  /** What was said so far. */
  get linesOut(): readonly string[] {
    return this.#out.soFar;
  }

  get linesErr(): readonly string[] {
    return this.#err.soFar;
  }

  async say(message: object): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  /** Keys, where its stdin leads to a terminal. */
  async type(keys: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(keys));
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  async endStdin(): Promise<void> {
    await this.#input.close();
  }

  /** When it has ended: exit code and everything it said. */
  async ended(): Promise<Ended> {
    const { code } = await this.#child.status;
    const [stdout, stderr] = await Promise.all([this.#out.all(), this.#err.all()]);
    return { code, stdout, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.ended();
    await this.#input.close().catch(() => {});
  }
}

class Lines {
  readonly #seen: string[] = [];
  readonly #ended: Promise<void>;
  #isOver = false;
  #more = Promise.withResolvers<void>();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#ended = this.#read(stream);
  }

  get soFar(): readonly string[] {
    return [...this.#seen];
  }

  async find(matches: (line: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.#seen.find(matches);
      if (found !== undefined) return found;
      assert.ok(!this.#isOver, `the stream ended without the line; it had:\n${this.#seen.join("\n")}`);
      await this.#more.promise;
    }
  }

  async all(): Promise<string> {
    await this.#ended;
    return this.#seen.map((line) => `${line}\n`).join("");
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      this.#seen.push(...lines);
      this.#wake();
    }
    if (rest !== "") this.#seen.push(rest);
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers<void>();
  }
}

export type Json = Readonly<Record<string, unknown>>;

/** The one object that a line or a whole output holds. */
export function parseObject(text: string): Json {
  const value: unknown = JSON.parse(text);
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value));
  return Object.fromEntries(Object.entries(value));
}
