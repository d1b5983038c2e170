/** The WAL's reader against SQLite itself: anything may happen, and nothing of it may be missed. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { bothChanged } from "../../src/watch/changed_rows.ts";
import { WalFollower } from "../../src/watch/wal_follower.ts";
import { testSeed } from "../support/seed.ts";
import { happen, type Happening, happening } from "./support/wal_happenings.ts";
import { WalWorld, type WorldOptions } from "./support/wal_world.ts";

const RUNS = Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 25);

interface Seen {
  readings: number;
  exact: number;
}

/** `plain`: no row is longer than a page, so that there are no overflow pages. */
function live(options: WorldOptions, happenings: readonly Happening[], plain: boolean, seen: Seen): void {
  using world = new WalWorld(options);
  const follower = new WalFollower(world.path);
  follower.accept(follower.read());
  world.noted();
  world.forget();
  for (const what of [...happenings, { kind: "read", accept: true } as const]) {
    if (what.kind !== "read") {
      happen(world, options.pageSize, what);
      continue;
    }
    const reading = follower.read();
    const changed = bothChanged(reading.changed, reading.again);
    const { lookBack } = changed;
    seen.readings++;
    if (!reading.gap && !lookBack) {
      seen.exact++;
      world.judge(changed);
    }
    if (options.autoCheckpoint === 0 && !world.checkpointed) assert.equal(reading.gap, false, "gap");
    // With auto_vacuum a free-list page may have been cut off at the end of the same transaction.
    if (plain && options.autoVacuum === 0) assert.equal(lookBack, false, "lookBack");
    if (what.accept) {
      follower.accept(reading);
      world.forget();
    }
  }
}

function property(plain: boolean, seen: Seen): void {
  const options = fc.record({
    pageSize: fc.constantFrom(512, 1024, 4096, 4096, 16_384, 65_536),
    autoVacuum: fc.constantFrom<0 | 1 | 2>(0, 0, 1, 2),
    autoCheckpoint: fc.constantFrom(0, 0, 20, 1000),
  });
  const happenings = fc.array(happening(plain ? 0 : 9), { minLength: 5, maxLength: 40, size: "max" });
  fc.assert(
    fc.property(options, happenings, (options, happenings) => live(options, happenings, plain, seen)),
    { seed: testSeed(), numRuns: RUNS },
  );
}

Deno.test("read() misses no row when anything happens to the database", () => {
  const seen: Seen = { readings: 0, exact: 0 };
  property(false, seen);
  // What is told by a gap or a look-back alone proves nothing.
  if (Deno.env.get("SHOW")) console.log(seen);
  assert.ok(seen.exact > seen.readings / 4, `${seen.exact} of ${seen.readings} readings were exact`);
});

Deno.test("read() never asks to look back when no row is longer than a page", () => {
  const seen: Seen = { readings: 0, exact: 0 };
  property(true, seen);
  if (Deno.env.get("SHOW")) console.log(seen);
  assert.ok(seen.exact > seen.readings / 2, `${seen.exact} of ${seen.readings} readings were exact`);
});
