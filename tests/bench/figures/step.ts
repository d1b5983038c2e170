/**
 * From the begin of a step to its events being handed on, in the running program, with few and with many messages there:
 * what the program itself adds to the time from a commit to a client.
 */
import * as v from "valibot";
import { type Bench, type Figure, thousands, wait } from "../bench.ts";
import { EventClient } from "../event_client.ts";
import type { Place } from "../ground.ts";
import { quantile } from "../quantiles.ts";
import type { Row } from "../report.ts";
import { Sidecar } from "../sidecar.ts";
import { timedChildArgs, Timings } from "../timed_child.ts";
import { Writer } from "../writer.ts";
import { compared } from "./changes.ts";

const FEW = 5_000;
/** Messages that come before those that are measured: code that has run a few times only is slower. */
const WARM_UP = 100;

export const stepFigure: Figure = {
  name: "step",
  async run({ sizes, ground }) {
    const compared = [FEW, sizes.messages];
    const measured = await measureSteps(ground, compared, sizes.passes);
    const rows = compared.flatMap((messages, i) => stepRows(messages, measured[i] ?? {}));
    const [few = NaN, many = NaN] = measured.map(announced);
    return [...rows, {
      figure: `the same, ${thousands(sizes.messages)} against ${thousands(FEW)}`,
      measured: many / few,
      unit: "×",
      bound: 1.15,
    }];
  },
};

function announced(timings: Timings): number {
  return quantile(timings["announce.after"] ?? [], 0.5);
}

function stepRows(messages: number, timings: Timings): Row[] {
  const until = (label: string) => `${(quantile(timings[label] ?? [], 0.5) * 1000).toFixed(0)} µs ${label}`;
  return [{
    figure: `step → announcement in the program, ${thousands(messages)} messages: p50`,
    measured: announced(timings),
    unit: "ms",
    bound: 1.2,
    note: ["pass.before_transaction", "pass.before_commit", "pass.after_commit"].map(until).join(", "),
  }];
}

/** So many messages at one size, then at the next: the machine's noise, which lasts longer, meets all sizes alike. */
const BLOCK = 20;

async function measureSteps(
  ground: Bench["ground"],
  sizes: readonly number[],
  messages: number,
): Promise<Timings[]> {
  const subjects: Subject[] = [];
  try {
    for (const size of sizes) subjects.push(await Subject.start(await ground.imported(size)));
    for (let sent = 0; sent < WARM_UP + messages; sent += BLOCK) {
      for (const subject of subjects) await subject.messages(BLOCK);
    }
  } finally {
    for (const subject of subjects) await subject.stop();
  }
  return subjects.map(({ timings }) => timings());
}

class Subject {
  readonly #place: Place;
  readonly #sidecar: Sidecar;
  readonly #writer: Writer;
  readonly #client: EventClient;

  private constructor(place: Place, sidecar: Sidecar, writer: Writer, client: EventClient) {
    this.#place = place;
    this.#sidecar = sidecar;
    this.#writer = writer;
    this.#client = client;
  }

  static async start(place: Place): Promise<Subject> {
    const writer = await Writer.start(place);
    const { database, messagesDb } = place;
    const sidecar = await Sidecar.start(place, {
      program: [
        Deno.execPath(),
        "run",
        "-A",
        "--no-prompt",
        ...timedChildArgs({ database, messagesDb, timings: timingsOf(place) }),
      ],
    });
    await sidecar.live;
    // The comparison after the start is another figure.
    await compared(sidecar.ready);
    return new Subject(place, sidecar, writer, await EventClient.connect(sidecar.ready));
  }

  /** One after the other, each a little after the one before was told. */
  async messages(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { guid } = await this.#writer.send();
      await this.#client.have([guid], 10_000);
      await wait(10 + i * 7 % 25);
    }
  }

  async stop(): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
    await this.#sidecar[Symbol.asyncDispose]();
    await this.#writer[Symbol.asyncDispose]();
  }

  /** Of the messages after the first ones. */
  readonly timings = (): Timings => {
    const all = v.parse(Timings, JSON.parse(Deno.readTextFileSync(timingsOf(this.#place))));
    return Object.fromEntries(Object.entries(all).map(([label, times]) => [label, times.slice(WARM_UP)]));
  };
}

function timingsOf(place: Place): string {
  return `${place.database}-timings.json`;
}
