import assert from "node:assert/strict";
import { SCENES } from "../../src/simulator/conversations.ts";
import { playHumanPace } from "../../src/simulator/human_pace.ts";
import { planHumanPace } from "../../src/simulator/human_plan.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import { dumpRows } from "./support/dump.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const FIVE_MINUTES = 300_000;

for (const seed of [1, 2, 3]) {
  Deno.test(`planHumanPace() begins within a second and does not repeat within five minutes when the seed is ${seed}`, () => {
    const said = new Set<unknown>();
    let last = 0;
    for (const { atMs, line } of planHumanPace(new SeededRandom(seed), SCENES)) {
      if (said.size === 0) assert.ok(atMs < 1_000);
      assert.ok(atMs >= last && atMs - last < 15_000, `a pause of ${atMs - last} ms`);
      if (atMs > FIVE_MINUTES) break;
      assert.ok(!said.has(line));
      said.add(line);
      last = atMs;
    }
    assert.ok(said.size > 120, `only ${said.size} lines`);
  });
}

Deno.test("playHumanPace() writes the same rows when the seed is the same, and stops when told to", async () => {
  const play = async () => {
    using file = temporaryChatDatabase();
    const abort = new AbortController();
    const clock = fastClock(undefined, (elapsed) => {
      if (elapsed > 60_000) abort.abort();
    });
    const app = new MessagesApp(file.db, { clock, random: new SeededRandom(3) });
    await playHumanPace(app, { seed: 9, signal: abort.signal });
    return dumpRows(file.db);
  };
  const first = await play();
  assert.ok(first.length > 50);
  assert.deepEqual(await play(), first);
});

Deno.test("playHumanPace() can say every line of every scene, on a file that it has played on before", async () => {
  using file = temporaryChatDatabase();
  let steps = 0;
  for (const seed of [1, 2]) {
    const abort = new AbortController();
    const clock = fastClock(undefined, () => {
      if (++steps % 320 === 0) abort.abort();
    });
    const app = new MessagesApp(file.db, { clock, random: new SeededRandom(seed) });
    await playHumanPace(app, { seed, signal: abort.signal });
  }
  const kinds = file.db.prepare(
    `SELECT count(DISTINCT service) AS services, max(associated_message_type) > 3000 AS removals,
            sum(thread_originator_guid IS NOT NULL) > 0 AS replies, max(item_type) AS item,
            sum(date_retracted > 0) > 0 AS unsent, sum(associated_message_emoji IS NOT NULL) > 0 AS emoji FROM message`,
  ).get();
  assert.deepEqual({ ...kinds }, { services: 2, removals: 1, replies: 1, item: 3, unsent: 1, emoji: 1 });
  const unfinished = "SELECT count(*) AS n FROM attachment WHERE transfer_state = 5 AND filename IS NOT NULL";
  assert.ok(Number(file.db.prepare(unfinished).get()?.["n"]) > 5);
});
