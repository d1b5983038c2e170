/** What one pass costs, in this process: nothing new, and one new message, with few and with many messages there. */
import { openChatDatabase } from "../../../src/demo/chat_database.ts";
import { MessagesApp } from "../../../src/demo/messages_app.ts";
import { SeededRandom } from "../../../src/demo/random.ts";
import { glance, MessagesDb } from "../../../src/source/messages_db.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import { Outbox } from "../../../src/store/outbox.ts";
import { StateStore } from "../../../src/store/state.ts";
import { MessagesSync } from "../../../src/sync/messages.ts";
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
    const rows: Row[] = [];
    for (const messages of [5_000, sizes.messages]) {
      rows.push(...passRows(messages, await measurePasses(ground, messages, sizes.passes)));
    }
    return rows;
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

export async function measurePasses(
  ground: Bench["ground"],
  messages: number,
  passes: number,
): Promise<PassMeasured> {
  const place = await ground.imported(messages);
  // deno-lint-ignore no-undef -- the rule does not know it yet
  using stack = new DisposableStack();
  stack.defer(() => ground.drop(place));
  const chat = stack.use(openChatDatabase(place.messagesDb, { release: "macos15", synchronous: "normal" }));
  const app = new MessagesApp(chat, { random: new SeededRandom(4_711) });
  const from = "bench@example.com";
  const guid = app.createChat({ address: from }).guid;
  const sync = open(place, stack);
  const step = (thorough: boolean) => {
    const startedAt = performance.now();
    sync.step(2_000, "bench", Date.now(), thorough);
    return performance.now() - startedAt;
  };
  while (sync.step(20_000, "bench", Date.now(), true).more);
  const timed = (thorough: boolean, isNew: boolean) =>
    median(Array.from({ length: passes }, () => {
      if (isNew) app.message({ chat: guid, from, text: "One more message, about as long as people write" });
      return step(thorough);
    }));
  return { empty: timed(true, false), quick: timed(false, true), thorough: timed(true, true) };
}

function open(place: Place, stack: DisposableStack): MessagesSync {
  const db = stack.use(openChatStatsDatabase(place.database, { randomUuid: () => crypto.randomUUID() }));
  const source = new MessagesDb(db, place.messagesDb);
  stack.defer(() => source.detach());
  const sync = new MessagesSync({
    db,
    source,
    outbox: new Outbox(db),
    state: new StateStore(db),
    home: "/Users/jane",
    probe: () => {},
  }, { region: "US" });
  const seen = glance(place.messagesDb);
  if (seen.kind !== "present") throw new Error(`chat.db is ${seen.kind}`);
  sync.attach(seen.glance.identity);
  return sync;
}
