/** Messages and the program over one chat.db, in which things happen step by step. */
import { deepEqual } from "node:assert/strict";
import { RunningProgram } from "../../cli/support/program.ts";
import { lostLocks } from "./posix_locks.ts";
import { ReopeningMessages } from "./reopening_messages.ts";
import { Scene } from "./scene.ts";
import { Witness } from "./witness.ts";

export interface WorldOptions {
  /** Our database in the folder of chat.db; default: in one of its own. */
  readonly besideChatDb?: boolean;
  readonly flags?: readonly string[];
}

export class World implements AsyncDisposable {
  readonly scene = new Scene();
  readonly chatDb = this.scene.chatDb;
  readonly database: string;
  readonly #flags: readonly string[];
  #seed = 0;
  #messages: ReopeningMessages | null = null;
  #witness: Witness | null = null;

  constructor({ besideChatDb = false, flags = [] }: WorldOptions = {}) {
    this.database = besideChatDb ? `${this.scene.messagesFolder}/chatstats.db` : this.scene.database;
    this.#flags = ["run", "--sidecar", ...this.scene.flags, "--database", this.database, ...flags];
  }

  get messages(): ReopeningMessages {
    if (this.#messages === null) throw new Error("Messages does not run");
    return this.#messages;
  }

  get witness(): Witness {
    if (this.#witness === null) throw new Error("The program does not run");
    return this.#witness;
  }

  /** The locks that the program ought to hold, and does not. */
  get lost(): string[] {
    return lostLocks(this.witness.pid, [this.chatDb, this.database]);
  }

  /** Starts Messages and the program, where they do not run yet. */
  async begin(): Promise<void> {
    this.#messages ??= await ReopeningMessages.start(this.chatDb, ++this.#seed);
    this.#witness ??= await Witness.of(new RunningProgram(this.#flags));
  }

  /** Resolves when one more message was told of: milliseconds since its COMMIT returned. */
  async oneMessage(text: string): Promise<number> {
    return await this.witness.heardOf(await this.messages.message(text));
  }

  async killMessages(): Promise<void> {
    await this.messages.kill();
    this.#messages = null;
    await this.begin();
  }

  async restartProgram(): Promise<void> {
    await this.#witness?.[Symbol.asyncDispose]();
    this.#witness = null;
    await this.begin();
  }

  /**
   * A step after which the program is told of messages and has its locks. After one that failed everything is started anew,
   * so that each step speaks for itself.
   */
  async step(test: Deno.TestContext, name: string, happens: () => Promise<unknown>): Promise<void> {
    const passed = await test.step(name, async () => {
      await this.begin();
      const before = this.lost;
      await happens();
      // Two, because events of the first may still be on their way when it is told of.
      for (const text of ["one", "two"]) await this.oneMessage(text);
      deepEqual({ lostBefore: before, lost: this.lost }, { lostBefore: [], lost: [] });
    });
    if (!passed) await this.end();
  }

  async end(): Promise<void> {
    await this.#witness?.[Symbol.asyncDispose]();
    await this.#messages?.[Symbol.asyncDispose]();
    this.#witness = null;
    this.#messages = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.scene[Symbol.asyncDispose]();
  }
}
