/** The parent's side of a sidecar: its lines, read as they come, and conditions to wait for. */
import { TextLineStream } from "./text_lines.ts";

/** A line of stdout, as far as the tests look into it. */
export interface Line {
  readonly type: string;
  readonly seq?: number;
  readonly event?: string;
  // Whatever else stands in it; the tests compare it with what they expect.
  // deno-lint-ignore no-explicit-any
  readonly [key: string]: any;
}

/** Longest wait for a condition; reached only when something is broken. */
const LIMIT_MS = 20_000;

export class Sidecar implements AsyncDisposable {
  readonly lines: Line[] = [];
  readonly exited: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #read: Promise<void>;
  #changed: () => void = () => {};
  #ended = false;

  /** Starts `deno run -A --no-prompt ARGS`; `before`: words that stand before it, such as another program that starts it. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    before: readonly string[] = [],
  ) {
    const [command = "", ...rest] = [...before, Deno.execPath(), "run", "-A", "--no-prompt", ...args];
    this.#child = new Deno.Command(command, {
      args: rest,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
      env: { ...env },
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.exited = this.#child.status;
    this.#read = this.#readLines();
  }

  async #readLines(): Promise<void> {
    // A process that is killed may leave half a line as its last.
    let torn: unknown = null;
    for await (const line of this.#child.stdout.pipeThrough(new TextLineStream())) {
      if (torn !== null) throw torn;
      try {
        this.lines.push(JSON.parse(line));
        this.#changed();
      } catch (error) {
        torn = error;
      }
    }
    if (torn !== null && (await this.exited).signal !== "SIGKILL") throw torn;
    this.#ended = true;
    this.#changed();
  }

  /** Waits until the lines so far satisfy `condition`, or there will be no more. */
  async until(condition: (lines: readonly Line[]) => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(LIMIT_MS);
    while (!condition(this.lines) && !this.#ended) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#changed = resolve;
      const late = () => reject(new Error(`Waited ${LIMIT_MS} ms in vain; ${this.lines.length} lines came`));
      deadline.addEventListener("abort", late, { once: true });
      await promise;
      deadline.removeEventListener("abort", late);
    }
  }

  async ready(): Promise<Line> {
    await this.until((lines) => lines.length > 0);
    const first = this.lines[0];
    if (first?.type !== "ready") throw new Error(`The first line is no ready line: ${JSON.stringify(first)}`);
    return first;
  }

  /** The stored events among its lines, from the line with that index on. */
  stored(from = 0): Line[] {
    return this.lines.slice(from).filter((line) => line.type === "event" && line.seq !== undefined);
  }

  /** Sends a message; a parent whose child was killed must not mind. */
  async send(message: object): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {});
  }

  /** Ends stdin, as a parent that goes away does. */
  async endInput(): Promise<void> {
    await this.#input.close().catch(() => {});
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process is gone and all its lines are read. */
  async gone(): Promise<Deno.CommandStatus> {
    const status = await this.exited;
    await this.#read;
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endInput();
    await this.gone();
  }
}
