/** The program that reads Messages' database, and a client of it that knows when it was told of which message. */
import { ok } from "node:assert/strict";
import * as v from "valibot";
import type { RunningProgram } from "../../cli/support/program.ts";
import type { SocketClient } from "../../notify/support/socket_client.ts";
import { until } from "../../support/until.ts";
import type { Committed } from "./reopening_messages.ts";
import { created, follow, isCreated, readyOf, state } from "./scene.ts";

const Status = v.looseObject({ last_contact_sync: v.looseObject({ at: v.nullable(v.unknown()) }) });
const Logged = v.object({ level: v.string(), message: v.string() });

export class Witness implements AsyncDisposable {
  readonly #program: RunningProgram;
  readonly #ready: Ready;
  readonly #client: SocketClient;

  private constructor(program: RunningProgram, ready: Ready, client: SocketClient) {
    this.#program = program;
    this.#ready = ready;
    this.#client = client;
  }

  /** Of a program that was just started; what is written from here on is told live. */
  static async of(program: RunningProgram): Promise<Witness> {
    const ready = await readyOf(program);
    await state(ready, "live");
    return new Witness(program, ready, await follow(ready, "*"));
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** GUIDs of all messages that it was told of, in that order. */
  get told(): string[] {
    return created(this.#client.messages).map(({ guid }) => guid);
  }

  /** Resolves when it was told of the message: milliseconds since its COMMIT returned. */
  async heardOf(written: Committed): Promise<number> {
    await this.#client.have(1, (each) => isCreated(each) && created([each])[0]?.guid === written.guid);
    return performance.timeOrigin + performance.now() - written.committedAtMs;
  }

  /** Resolves when it was told of such an event. */
  async heard(event: string): Promise<void> {
    await this.#client.have(1, (each) => each.event === event);
  }

  /** Resolves when contacts were synced once: what comes from then on is told. */
  async knowsContacts(): Promise<void> {
    const headers = { authorization: `Bearer ${this.#ready.token}` };
    await until(async () => {
      const answer = await (await fetch(`${this.#ready.url}/api/v1/status`, { headers })).json();
      return v.parse(Status, answer).last_contact_sync.at !== null;
    }, "the first contact sync");
  }

  /** What the log warns of that has to do with the files beside a database. */
  get warnings(): string[] {
    return this.#program.linesErr
      .map((line) => v.safeParse(Logged, parsed(line)))
      .flatMap(({ success, output }) => success && output.level === "warning" ? [output.message] : [])
      .filter((message) => /\b(?:wal|shm)\b/i.test(message));
  }

  /** Resolves when the log warns of more than it did. */
  async warnsAgain(before: number): Promise<void> {
    await until(() => this.warnings.length > before, "a warning in the log");
  }

  /** The files in this folder that it has open. Linux alone. */
  openFilesIn(folder: string): string[] {
    const descriptors = `/proc/${this.#program.pid}/fd`;
    return [...Deno.readDirSync(descriptors)].flatMap(({ name }) => {
      const leadsTo = linkOrNull(`${descriptors}/${name}`);
      return leadsTo?.startsWith(`${folder}/`) ? [leadsTo] : [];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#program[Symbol.asyncDispose]();
  }
}

type Ready = Awaited<ReturnType<typeof readyOf>>;

const LIMIT_MS = 1_000;
const TRIES = 3;

/**
 * What `round` gives is milliseconds: at most a second. A machine that does ten things at once may miss that by itself,
 * so it may be tried again; that it can't wait for ever is seen to by whatever `round` waits with.
 */
export async function withinASecond(round: () => Promise<number>): Promise<void> {
  const took: number[] = [];
  while (took.length < TRIES && !took.some((ms) => ms <= LIMIT_MS)) took.push(await round());
  ok(
    took.some((ms) => ms <= LIMIT_MS),
    `at most ${LIMIT_MS} ms, but took ${took.map(Math.round).join(", ")}`,
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that Deno itself wrote.
    return null;
  }
}

function linkOrNull(path: string): string | null {
  try {
    return Deno.readLinkSync(path);
  } catch (error) {
    // Closed meanwhile.
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
