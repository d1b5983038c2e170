import { deepEqual, equal, ok } from "node:assert/strict";
import { type Sight, watchSource } from "../../src/watch/source_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

class Bench implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-watch-" }));
  readonly clock = new FakeClock();
  sight: Sight = "quiet";
  looks = 0;
  readonly news: string[] = [];
  readonly noEvents: unknown[] = [];
  readonly stop: () => void;

  constructor(fileEvents: boolean, below = "") {
    this.stop = watchSource({
      path: `${this.folder}${below}/chat.db`,
      fileEvents,
      clock: this.clock,
      look: () => {
        this.looks++;
        return this.sight;
      },
      onNews: (reason) => this.news.push(reason),
      onNoEvents: (error) => this.noEvents.push(error),
    });
  }

  /** News of the next look of the quick poll. */
  see(sight: Sight): string[] {
    this.news.length = 0;
    this.sight = sight;
    this.clock.tick(25);
    return [...this.news];
  }

  [Symbol.dispose](): void {
    this.stop();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("watchSource() tells of every commit, and of nothing when it is quiet", () => {
  using bench = new Bench(false);
  deepEqual(bench.see("quiet"), []);
  deepEqual(bench.see("moved"), ["commit"]);
  deepEqual(bench.see("moved"), ["commit"]);
  deepEqual(bench.see("quiet"), []);
});

Deno.test("watchSource() tells of an obstacle once, and again when it is another or has come back", () => {
  using bench = new Bench(false);
  deepEqual(bench.see({ obstacle: "missing" }), ["source"]);
  deepEqual(bench.see({ obstacle: "missing" }), []);
  deepEqual(bench.see({ obstacle: "other_file" }), ["source"]);
  deepEqual(bench.see("quiet"), []);
  deepEqual(bench.see({ obstacle: "other_file" }), ["source"]);
});

Deno.test("watchSource() looks quickly again when an obstacle changes, and not while it stays", () => {
  using bench = new Bench(false);
  bench.sight = { obstacle: "missing" };
  bench.clock.tick(31_000);
  const looksIn = (ms: number) => {
    const before = bench.looks;
    bench.clock.tick(ms);
    return bench.looks - before;
  };
  equal(looksIn(1_000), 10);
  bench.sight = { obstacle: "other_file" };
  bench.clock.tick(100);
  equal(looksIn(1_000), 40);
});

Deno.test("watchSource() tells of a jump of the clock once", () => {
  using bench = new Bench(false);
  bench.clock.jumpWall(3_600_000);
  deepEqual(bench.see("quiet"), ["clock"]);
  deepEqual(bench.see("quiet"), []);
});

Deno.test("watchSource() looks at a file event while its clock stands still", async () => {
  using bench = new Bench(true);
  bench.sight = "moved";
  Deno.writeTextFileSync(`${bench.folder}/chat.db-wal`, "x");
  await until(() => bench.news.includes("commit"), "a look after a file event");
  deepEqual(bench.noEvents, []);
});

Deno.test("watchSource() tries a missing folder again every 10 s, polls meanwhile, and hears it when it is there", async () => {
  using bench = new Bench(true, "/later");
  equal(bench.noEvents.length, 1);
  ok(bench.noEvents[0] instanceof Deno.errors.NotFound);
  deepEqual(bench.see("moved"), ["commit"]);
  bench.clock.tick(9_974);
  equal(bench.noEvents.length, 1);
  bench.clock.tick(1);
  equal(bench.noEvents.length, 2);
  Deno.mkdirSync(`${bench.folder}/later`);
  bench.clock.tick(10_000);
  equal(bench.noEvents.length, 2);
  bench.news.length = 0;
  Deno.writeTextFileSync(`${bench.folder}/later/chat.db`, "x");
  await until(() => bench.news.includes("commit"), "a look after a file event");
});

Deno.test("watchSource() leaves no timer when it is stopped, also while it waits for its folder", () => {
  for (const below of ["", "/later"]) {
    using bench = new Bench(true, below);
    ok(bench.clock.timers > 0);
    bench.stop();
    equal(bench.clock.timers, 0, below);
  }
});
