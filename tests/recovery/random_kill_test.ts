/**
 * kill −9 at random: five times in `deno task test:slow`, CHATSTATS_TEST_KILLS times in `test:long`. Each round of twenty
 * begins without a database and goes through migration, import, and live traffic.
 */
import { equal } from "node:assert/strict";
import { SeededRandom } from "../../src/simulator/random.ts";
import { testSeed } from "../support/seed.ts";
import { slowTest } from "../support/slow.ts";
import type { Sidecar } from "../support/sidecar.ts";
import { LABELS } from "./support/labels.ts";
import { type Cut, isGone, Run, turn } from "./support/run.ts";

const KILLS = Number(Deno.env.get("CHATSTATS_TEST_KILLS") ?? 5);
const KILLS_IN_ROUND = 20;

slowTest("a sidecar killed at random steps and moments loses and repeats nothing", async () => {
  const seed = testSeed();
  console.log(`seed ${seed}`);
  const random = new SeededRandom(seed);
  const tally = new Map<string, number>();
  for (let left = KILLS; left > 0; left -= KILLS_IN_ROUND) {
    await round(random, Math.min(left, KILLS_IN_ROUND), tally);
  }
  equal([...tally.values()].reduce((sum, n) => sum + n, 0), KILLS);
  for (const [where, n] of [...tally].toSorted()) console.log(`${n} × ${where}`);
});

async function round(random: SeededRandom, kills: number, tally: Map<string, number>): Promise<void> {
  using run = Run.beforeImport(4_000, random.integer(1, 1_000_000));
  for (let i = 0; i < kills; i++) {
    const cut = pickCut(random, i);
    const sidecar = run.start(cut);
    const subscribed = run.resume(sidecar);
    // Most cuts in an import come before anybody could ask for anything.
    await Promise.race([subscribed, sidecar.exited]);
    const where = await drive(run, sidecar, cut, random) ? cut.label ?? "?" : "any moment";
    equal((await sidecar.gone()).signal, "SIGKILL");
    await subscribed;
    run.hear(sidecar);
    tally.set(where, (tally.get(where) ?? 0) + 1);
  }
  await run.judge();
}

/** The first one in the migration, some in the import, the others in passes, announcements and at any moment. */
function pickCut(random: SeededRandom, i: number): Cut {
  if (i === 0) return { label: random.pick(LABELS.migration) };
  if (i <= 2) return { label: random.pick(LABELS.import) };
  const nth = random.integer(1, 6);
  if (i <= 4) return { label: random.pick([...LABELS.import, ...LABELS.pass]), nth };
  if (random.chance(0.3)) return {};
  if (random.chance(0.1)) return { label: random.pick(LABELS.prune), hurry: 100 };
  return { label: random.pick(LABELS.pass), nth };
}

/** Writes until the sidecar has ended itself, or kills it after a while; gives whether it ended itself. */
async function drive(run: Run, sidecar: Sidecar, cut: Cut, random: SeededRandom): Promise<boolean> {
  const rounds = cut.label === undefined ? random.integer(0, 30) : 60;
  for (let i = 0; i < rounds; i++) {
    if (await isGone(sidecar)) return true;
    if (random.chance(0.7)) run.write();
    else await turn();
  }
  if (await isGone(sidecar)) return true;
  sidecar.kill("SIGKILL");
  return false;
}
