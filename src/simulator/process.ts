/**
 * The simulated Messages app as a process of its own: commands in as JSON Lines, one answer each.
 *
 *     {"id":1,"do":"message","chat":"iMessage;-;+12125550142","text":"Hi"}
 *     {"id":1,"ok":true,"guid":"…","rowid":7,"attachments":[],"committedAtMs":1763820191204.31}
 *     {"id":2,"ok":false,"code":"no_such_row","error":"Cannot …"}
 *
 * Besides those of `commands.ts`: `traffic` (answered when it is over; other commands go on meanwhile), `script`
 * (`human`; answered at once, plays until `stop`), `stop`, `close`. It ends at `close` and at the end of stdin.
 */
import { parseArgs } from "node:util";
import * as v from "valibot";
import { errorMessage, LiveSyncError, UsageError } from "../model/errors.ts";
import { systemClock } from "../platform/clock.ts";
import { openChatDatabase, type Release, RELEASES, type Synchronous } from "./chat_database.ts";
import { runCommand } from "./commands.ts";
import { playHumanPace } from "./human_pace.ts";
import { MessagesApp } from "./messages_app.ts";
import { SeededRandom } from "./random.ts";
import { sendTraffic } from "./traffic.ts";
import { formatLine, parseLine, readLines } from "./wire.ts";

/** Name of the hidden command that starts this process. */
export const MESSAGES_APP_COMMAND = "__messages-app";

export interface ProcessStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export interface ProcessArgs {
  readonly db: string;
  readonly release: Release;
  readonly synchronous: Synchronous;
  readonly seed: number;
}

/** What the hidden command calls, with the arguments after its name; gives the exit code. */
export function messagesAppMain(argv: readonly string[], io: ProcessStreams): Promise<number> {
  return runMessagesAppProcess({ ...io, args: parseProcessArgs(argv) });
}

/** `--db PATH --release macos10_13|…|macos26 --synchronous full|normal --seed N`; all but `--db` may be left out. Exported for its test. */
export function parseProcessArgs(argv: readonly string[]): ProcessArgs {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      db: { type: "string" },
      release: { type: "string", default: "macos15" },
      synchronous: { type: "string", default: "full" },
      seed: { type: "string", default: "1" },
    },
  });
  const release = RELEASES.find((each) => each === values.release);
  const seed = Number(values.seed);
  if (!values.db || !release || !Number.isSafeInteger(seed)) {
    throw new UsageError(`Cannot start the simulated Messages app with these arguments: ${argv.join(" ")}`);
  }
  if (values.synchronous !== "full" && values.synchronous !== "normal") {
    throw new UsageError(`Cannot set synchronous to anything but full or normal: ${values.synchronous}`);
  }
  return { db: values.db, release, synchronous: values.synchronous, seed };
}

const Envelope = v.looseObject({ id: v.optional(v.number()), do: v.string() });
const Traffic = v.strictObject({
  perSecond: v.pipe(v.number(), v.minValue(1)),
  seconds: v.number(),
  chats: v.optional(v.array(v.string())),
});
const Script = v.strictObject({ name: v.literal("human"), seed: v.optional(v.number()) });

/** Serves commands until `close` or the end of `readable`; gives the exit code. */
async function runMessagesAppProcess(
  { readable, writable, args }: ProcessStreams & { readonly args: ProcessArgs },
): Promise<number> {
  const db = openChatDatabase(args.db, args);
  const app = new MessagesApp(db, { clock: systemClock, random: new SeededRandom(args.seed) });
  const session = new Session(app, args.seed, writable.getWriter());
  try {
    for await (const line of readLines(readable)) {
      if (await session.take(line) === "close") break;
    }
  } finally {
    await session.stop();
    db.close();
  }
  await session.sayGoodbye();
  return session.failed ? 1 : 0;
}

class Session {
  readonly #app: MessagesApp;
  readonly #seed: number;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #running = new Set<Promise<void>>();
  #abort = new AbortController();
  #closeId: number | undefined;
  failed = false;

  constructor(app: MessagesApp, seed: number, writer: WritableStreamDefaultWriter<Uint8Array>) {
    this.#app = app;
    this.#seed = seed;
    this.#writer = writer;
  }

  async take(line: string): Promise<"close" | "go on"> {
    let id: number | undefined;
    try {
      const { id: given, do: name, ...input } = v.parse(Envelope, parseLine(line));
      id = given;
      if (name === "close") {
        this.#closeId = id;
        return "close";
      }
      if (name === "stop") {
        await this.stop();
        await this.#answer(id, {});
      } else if (name === "traffic") this.#startTraffic(id, v.parse(Traffic, input));
      else if (name === "script") await this.#startScript(id, v.parse(Script, input));
      else await this.#answer(id, runCommand(this.#app, name, input));
    } catch (error) {
      await this.#refuse(id, error);
    }
    return "go on";
  }

  /** Ends scripts and traffic, and waits for them. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
    this.#abort = new AbortController();
  }

  /** After the database is closed, so that the answer to `close` means what it says. */
  async sayGoodbye(): Promise<void> {
    if (this.#closeId !== undefined) await this.#answer(this.#closeId, {});
    // A parent that is gone has nothing to read from us.
    await this.#writer.close().catch(() => {});
  }

  #startTraffic(id: number | undefined, input: v.InferOutput<typeof Traffic>): void {
    const { signal } = this.#abort;
    this.#track(
      sendTraffic(this.#app, { ...input, signal })
        .then((messages) => this.#answer(id, { messages }), (error) => this.#refuse(id, error)),
    );
  }

  async #startScript(id: number | undefined, input: v.InferOutput<typeof Script>): Promise<void> {
    const { signal } = this.#abort;
    const playing = playHumanPace(this.#app, { seed: input.seed ?? this.#seed, signal });
    this.#track(playing.catch((error) => {
      this.failed = true;
      return this.#refuse(undefined, error);
    }));
    await this.#answer(id, {});
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    work.finally(() => this.#running.delete(work));
  }

  #answer(id: number | undefined, fields: object): Promise<void> {
    return this.#write({ id, ok: true, ...fields });
  }

  #refuse(id: number | undefined, error: unknown): Promise<void> {
    const code = error instanceof LiveSyncError ? error.code : "bad_command";
    return this.#write({ id, ok: false, code, error: errorMessage(error) });
  }

  async #write(answer: object): Promise<void> {
    const bytes = new TextEncoder().encode(formatLine(answer));
    // The pipe breaks when the parent is gone; the end of stdin, which comes with it, ends the process.
    await this.#writer.write(bytes).catch(() => {});
  }
}
