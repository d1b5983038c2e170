/** A process of ours that takes one command per line and gives one answer to each; see `wire.ts`. */
import * as v from "valibot";
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import { formatLine, parseLine, readLines } from "./wire.ts";

const Anything = v.looseObject({});
const Answer = v.variant("ok", [
  v.looseObject({ id: v.optional(v.number()), ok: v.literal(true) }),
  v.looseObject({ id: v.optional(v.number()), ok: v.literal(false), code: v.string(), error: v.string() }),
]);

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class LineProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<number>;
  readonly #gone: (why: string) => LiveSyncError;
  #nextId = 1;
  #closing: Promise<number> | undefined;

  /** `gone` makes the error of a command that can't be answered any more. */
  constructor(child: Deno.ChildProcess, gone: (why: string) => LiveSyncError) {
    this.#child = child;
    this.#gone = gone;
    this.#input = child.stdin.getWriter();
    this.#ended = this.#listen();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Exit code, once the process has ended by itself or by `close` or `kill` (137). */
  get finished(): Promise<number> {
    return this.#ended;
  }

  /** Sends one command. Rejects with the other side's error, or when the process is gone. */
  async request<S extends v.GenericSchema>(
    name: string,
    input: object,
    answer: S,
  ): Promise<v.InferOutput<S>> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const line = new TextEncoder().encode(formatLine({ ...input, id, do: name }));
    this.#input.write(line).catch((error) => reject(this.#gone(errorMessage(error))));
    return v.parse(answer, await promise);
  }

  /** Waits for the end and gives the exit code. May be called again. */
  close(): Promise<number> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** SIGKILL: nothing is closed, the WAL stays as it is. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    this.#closing ??= this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<number> {
    // A process that has ended already can't answer; its exit code says what there is to say.
    await this.request("close", {}, Anything).catch(() => {});
    return await this.#ended;
  }

  async #listen(): Promise<number> {
    for await (const line of readLines(this.#child.stdout)) this.#settle(line);
    const { code } = await this.#child.status;
    for (const { reject } of this.#waiting.values()) reject(this.#gone(`exit code ${code}`));
    this.#waiting.clear();
    // Already broken when the process was killed.
    await this.#input.close().catch(() => {});
    return code;
  }

  #settle(line: string): void {
    const answer = v.parse(Answer, parseLine(line));
    const waiting = this.#waiting.get(answer.id ?? 0);
    this.#waiting.delete(answer.id ?? 0);
    if (answer.ok) waiting?.resolve(answer);
    else waiting?.reject(new LiveSyncError(answer.code, answer.error));
  }
}
