/** Command lines one after the other in one process that is not the test's: a start of Deno for each would cost more. */
import * as v from "valibot";
import { type Ended, RunningProgram } from "./program.ts";

const Answer = v.strictObject({ code: v.number(), stdout: v.string(), stderr: v.string() });
const child = new URL("./command_line_child.ts", import.meta.url).pathname;

export class CommandLine implements AsyncDisposable {
  readonly #program = new RunningProgram([], {}, [], child);
  #asked = 0;

  /** What `main()` prints and gives for these words; the same process did what was asked before. Not for `run`. */
  async run(args: readonly string[]): Promise<Ended> {
    const nth = this.#asked++;
    await this.#program.say(args);
    await this.#program.lineOut(() => this.#program.linesOut.length > nth);
    return v.parse(Answer, JSON.parse(this.#program.linesOut[nth] ?? ""));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
