/** The WAL's reader against SQLite itself: anything may happen, and nothing of it may be missed. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { bothChanged, NOTHING_CHANGED } from "../../src/watch/changed_rows.ts";
import { WalFollower, type WalReading } from "../../src/watch/wal_follower.ts";
import { testSeed } from "../support/seed.ts";
import { happen, type Happening, happening } from "./support/wal_happenings.ts";
import { type Place, WalWorld, type WorldOptions } from "./support/wal_world.ts";

const RUNS = Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 25);

const PLACES: readonly Place[] = ["one", "two"];
const PLAIN: WorldOptions = { pageSize: 512, autoVacuum: 0, autoCheckpoint: 0 };
/** `byte`: 0 to 39, for as many bytes of content. */
function rows(byte: number) {
  return { from: 1, count: 2, step: 1, quarters: 0, byte };
}

/** The last accepted transaction is another one's, so that nothing but the update could name the rows. */
const WRITTEN_AS_IT_WAS: Happening[] = [
  { kind: "insert", place: "one", rows: rows(7) },
  { kind: "insert", place: "two", rows: { ...rows(7), from: 100 } },
  { kind: "read", accept: true },
  { kind: "update", place: "one", rows: rows(7), inPlace: true },
];

interface Seen {
  readings: number;
  exact: number;
}

function told({ changed, again, gap, frames, place }: WalReading) {
  return { rowids: changed.rowids, again: again.rowids, gap, frames, end: place?.end, sure: place?.sure };
}

/** `plain`: no row is longer than a page, so that there are no overflow pages. */
function live(options: WorldOptions, happenings: readonly Happening[], plain: boolean, seen: Seen): void {
  using world = new WalWorld(options);
  const follower = new WalFollower(world.path);
  // Never reads ahead, and must come to the same.
  const plainFollower = new WalFollower(world.path);
  for (const each of [follower, plainFollower]) each.accept(each.read());
  world.noted();
  world.forget();
  for (const what of [...happenings, { kind: "read", accept: true } as const]) {
    if (what.kind === "readAhead") {
      follower.readAhead();
      continue;
    }
    if (what.kind !== "read") {
      happen(world, options.pageSize, what);
      continue;
    }
    const reading = follower.read();
    const plainReading = plainFollower.read();
    assert.deepEqual(told(reading), told(plainReading), "read ahead");
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
      plainFollower.accept(plainReading);
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
    { seed: testSeed(), numRuns: RUNS, examples: [[PLAIN, WRITTEN_AS_IT_WAS]] },
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

/** Rows 1 and 2 in both tables, as if they had been read. */
function worldOfTwoRows(): WalWorld {
  const world = new WalWorld(PLAIN);
  for (const place of PLACES) happen(world, PLAIN.pageSize, { kind: "insert", place, rows: rows(7) });
  world.forget();
  return world;
}

Deno.test("SQLite writes no page for a row that is written as it was, and the judge does not ask for it", () => {
  for (const place of PLACES) {
    for (const inPlace of [true, false]) {
      using world = worldOfTwoRows();
      const before = world.wal();
      happen(world, PLAIN.pageSize, { kind: "update", place, rows: rows(7), inPlace });
      assert.deepEqual(world.wal(), before);
      world.judge(NOTHING_CHANGED);
    }
  }
});

Deno.test("the judge asks for every row that an update made different, in whichever column", () => {
  const updates = [
    "content = x'07070707070708'",
    "content = x''",
    "content = NULL",
    "content = CAST(content AS TEXT)",
    "label = label || '!'",
    "label = NULL",
    "number = 0",
  ];
  for (const place of PLACES) {
    for (const update of updates) {
      using world = worldOfTwoRows();
      world.writer.exec(`UPDATE ${place} SET ${update} WHERE id = 2`);
      world.noted();
      assert.throws(() => world.judge(NOTHING_CHANGED), {
        message: `${place} 2 was changed and is no candidate`,
      }, update);
    }
  }
});

Deno.test("the judge asks for a row that was made different and then as it was", () => {
  for (const place of PLACES) {
    using world = worldOfTwoRows();
    world.writer.exec(`BEGIN; UPDATE ${place} SET number = 1; UPDATE ${place} SET number = NULL; COMMIT`);
    world.noted();
    assert.throws(() => world.judge(NOTHING_CHANGED), {
      message: `${place} 1 was changed and is no candidate`,
    });
  }
});
