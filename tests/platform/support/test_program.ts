/** A program of the tests in a process of its own, with which one talks in lines. */
import assert from "node:assert/strict";
import { TextLineStream } from "../../support/text_lines.ts";

/** Longest wait for a line; reached only when something is broken. */
const LIMIT_MS = 10_000;

export class TestProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  /** `program` is a file beside this one. */
  constructor(program: string, args: readonly string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", new URL(program, import.meta.url).pathname, ...args],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextLineStream()).getReader();
  }

  async say(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The next line, whenever it comes; null at the end. */
  async hear(): Promise<string | null> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), LIMIT_MS);
    try {
      const { value } = await this.#output.read();
      return value ?? null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next line must be this one. */
  async expect(line: string): Promise<void> {
    assert.equal(await this.hear(), line);
  }

  async ask(line: string, answer: string): Promise<void> {
    await this.say(line);
    await this.expect(answer);
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Exit code, once it has ended. */
  async code(): Promise<number> {
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    while (await this.hear() !== null);
    assert.equal((await this.#child.status).code, 0, "a program of the tests failed");
  }
}
