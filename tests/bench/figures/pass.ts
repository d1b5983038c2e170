/** What one pass costs, in this process: nothing new, and one new message, with few and with many messages there. */
import { openChatDatabase } from "../../../src/simulator/chat_database.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../../src/simulator/random.ts";
import { MessagesDb } from "../../../src/source/messages_db.ts";
import { inspectSource } from "../../../src/source/source_files.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import { Outbox } from "../../../src/store/outbox.ts";
import { StateStore } from "../../../src/store/state.ts";
import type { ChangeReader } from "../../../src/sync/pass/changed_rows.ts";
import { ChangeLog } from "../../../src/sync/pass/change_log.ts";
import { MessagesSync } from "../../../src/sync/pass/messages_sync.ts";
import { LOOK_BACK } from "../../../src/sync/pass/pass_plan.ts";
import { type Bench, type Figure, thousands } from "../bench.ts";
import type { Place } from "../ground.ts";
import { median } from "../quantiles.ts";
import type { Row } from "../report.ts";

export interface PassMeasured {
  /** Medians in milliseconds. A quick pass is the one that a commit starts; a thorough one looks back as well. */
  readonly empty: number;
  readonly quick: number;
  readonly thorough: number;
}

export const passFigure: Figure = {
  name: "pass",
  async run({ sizes, ground }) {
    const compared = [5_000, sizes.messages];
    const measured = await measurePasses(ground, compared, sizes.passes);
    return compared.flatMap((messages, i) => {
      const passes = measured[i];
      return passes === undefined ? [] : passRows(messages, passes);
    });
  },
};

export function passRows(messages: number, measured: PassMeasured): Row[] {
  const row = (what: string, ms: number): Row => ({
    figure: `pass with ${thousands(messages)} messages: ${what}`,
    measured: ms,
    unit: "ms",
    bound: null,
  });
  return [
    row("nothing new", measured.empty),
    row("one new, quick", measured.quick),
    row("one new, looking back", measured.thorough),
  ];
}

/** So many passes at one size, then at the next: the machine's noise, which lasts longer, meets all sizes alike. */
const BLOCK = 20;

/** At each of these sizes, in turn. */
export async function measurePasses(
  ground: Bench["ground"],
  sizes: readonly number[],
  passes: number,
): Promise<PassMeasured[]> {
  // deno-lint-ignore no-undef -- the rule does not know it yet
  using stack = new DisposableStack();
  const subjects: Subject[] = [];
  for (const messages of sizes) {
    const place = await ground.imported(messages);
    stack.defer(() => ground.drop(place));
    subjects.push(stack.use(new Subject(place)));
  }
  const timed = (thorough: boolean, isNew: boolean) => {
    const times = subjects.map((): number[] => []);
    for (let done = 0; done < passes; done += BLOCK) {
      subjects.forEach((subject, i) => {
        for (let n = 0; n < BLOCK; n++) times[i]?.push(subject.pass(thorough, isNew));
      });
    }
    return times.map((each) => median(each));
  };
  const empty = timed(true, false);
  const quick = timed(false, true);
  const thorough = timed(true, true);
  return sizes.map((_, i) => ({
    empty: empty[i] ?? NaN,
    quick: quick[i] ?? NaN,
    thorough: thorough[i] ?? NaN,
  }));
}

/** A source and our database, in step, on which passes are timed. */
export class Subject implements Disposable {
  // deno-lint-ignore no-undef -- the rule does not know it yet
  readonly #stack = new DisposableStack();
  readonly #app: MessagesApp;
  readonly #chat: string;
  readonly #sync: MessagesSync;

  constructor(place: Place, changes: ChangeReader | null = null) {
    const chat = openChatDatabase(place.messagesDb, { release: "macos15", synchronous: "normal" });
    this.#app = new MessagesApp(this.#stack.use(chat), { random: new SeededRandom(4_711) });
    this.#chat = this.#app.createChat({ address: FROM }).guid;
    this.#sync = open(place, this.#stack, changes);
    while (this.#sync.step(20_000, "bench", Date.now(), true).more);
  }

  /** Milliseconds of one pass, perhaps with a message that has just come. */
  pass(thorough: boolean, isNew: boolean): number {
    if (isNew) this.#app.message({ chat: this.#chat, from: FROM, text: TEXT });
    const startedAt = performance.now();
    // As the runner does: a commit is followed by a pass that looks back.
    this.#sync.step(2_000, thorough ? LOOK_BACK : "commit", Date.now(), thorough);
    return performance.now() - startedAt;
  }

  /** The walk over everything; milliseconds of each slice. */
  reconcile(): number[] {
    const { comparison } = this.#sync;
    comparison.begin(false);
    const times: number[] = [];
    while (true) {
      const startedAt = performance.now();
      if (this.#sync.compareStep(Date.now()) === null) return times;
      const tookMs = performance.now() - startedAt;
      comparison.took(tookMs);
      times.push(tookMs);
    }
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

const FROM = "bench@example.com";
const TEXT = "One more message, about as long as people write";

function open(place: Place, stack: DisposableStack, changes: ChangeReader | null): MessagesSync {
  const db = stack.use(openChatStatsDatabase(place.database, { randomUuid: () => crypto.randomUUID() }));
  const source = new MessagesDb(db, place.messagesDb);
  stack.defer(() => source.detach());
  const sync = new MessagesSync(
    {
      db,
      source,
      outbox: new Outbox(db),
      state: new StateStore(db),
      // As the sidecar that imported had it: with another one every attachment's path would differ.
      home: Deno.env.get("HOME") ?? "",
      log: silentLog,
      probe: () => {},
    },
    new ChangeLog(db),
    { region: "US", changes },
  );
  const seen = inspectSource(place.messagesDb);
  if (seen.kind !== "present") throw new Error(`chat.db is ${seen.kind}`);
  sync.attach(seen.file.identity);
  return sync;
}
