import { deepEqual, equal, ok } from "node:assert/strict";
import { watchWalEvents } from "../../src/watch/file_events.ts";
import { type LookOutcome, watchSource, type WatchWal } from "../../src/watch/source_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

/** A watcher that is told what to say. */
class Watches {
  readonly paths: string[] = [];
  stopped = 0;
  hint: () => void = () => {};
  end: (error: unknown) => void = () => {};
  failing = false;
  readonly watchWal: WatchWal = ({ path, onHint, onEnd }) => {
    this.paths.push(path);
    this.hint = onHint;
    this.end = onEnd;
    if (this.failing) onEnd(new Deno.errors.NotFound("no WAL"));
    return () => this.stopped++;
  };
}

const WAL = { path: "/messages/chat.db-wal", identity: "1:1" };

class Fixture implements Disposable {
  readonly clock = new FakeClock();
  readonly watches = new Watches();
  state: LookOutcome["state"] = "quiet";
  wal: LookOutcome["wal"] = null;
  peeked = true;
  looks = 0;
  readonly news: string[] = [];
  readonly noEvents: unknown[] = [];
  readonly stop: () => void;

  constructor(watchWal: WatchWal | null | "told" = null) {
    this.stop = watchSource({
      watchWal: watchWal === "told" ? this.watches.watchWal : watchWal,
      clock: this.clock,
      look: () => {
        this.looks++;
        return { state: this.state, wal: this.wal };
      },
      peek: () => this.peeked,
      prepare: () => {},
      onNews: (reason) => this.news.push(reason),
      onNoEvents: (error) => this.noEvents.push(error),
    });
  }

  /** News of the next look of the quick poll. */
  see(state: LookOutcome["state"]): string[] {
    this.news.length = 0;
    this.state = state;
    this.clock.tick(25);
    return [...this.news];
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

Deno.test("watchSource() tells of every commit, and of nothing when it is quiet", () => {
  using fixture = new Fixture();
  deepEqual(fixture.see("quiet"), []);
  deepEqual(fixture.see("moved"), ["commit"]);
  deepEqual(fixture.see("moved"), ["commit"]);
  deepEqual(fixture.see("quiet"), []);
});

Deno.test("watchSource() tells of an obstacle once, and again when it is another or has come back", () => {
  using fixture = new Fixture();
  deepEqual(fixture.see({ obstacle: "missing" }), ["source"]);
  deepEqual(fixture.see({ obstacle: "missing" }), []);
  deepEqual(fixture.see({ obstacle: "other_file" }), ["source"]);
  deepEqual(fixture.see("quiet"), []);
  deepEqual(fixture.see({ obstacle: "other_file" }), ["source"]);
});

Deno.test("watchSource() looks quickly again when an obstacle changes, and not while it stays", () => {
  using fixture = new Fixture();
  fixture.state = { obstacle: "missing" };
  fixture.clock.tick(31_000);
  const looksIn = (ms: number) => {
    const before = fixture.looks;
    fixture.clock.tick(ms);
    return fixture.looks - before;
  };
  equal(looksIn(1_000), 10);
  fixture.state = { obstacle: "other_file" };
  fixture.clock.tick(100);
  equal(looksIn(1_000), 40);
});

Deno.test("watchSource() tells of a jump of the clock once", () => {
  using fixture = new Fixture();
  fixture.clock.jumpWall(3_600_000);
  deepEqual(fixture.see("quiet"), ["clock"]);
  deepEqual(fixture.see("quiet"), []);
});

Deno.test("watchSource() looks when the WAL is written to while its clock stands still", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-watch-" }));
  const path = `${folder}/chat.db-wal`;
  Deno.writeTextFileSync(path, "x");
  {
    using fixture = new Fixture(watchWalEvents);
    fixture.wal = { path, identity: "1:1" };
    fixture.clock.tick(25);
    fixture.clock.tick(0);
    fixture.state = "moved";
    Deno.writeTextFileSync(path, "y");
    await until(() => {
      fixture.clock.tick(0);
      return fixture.news.includes("commit");
    }, "a look after a file event");
    deepEqual(fixture.noEvents, []);
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("watchSource() watches the WAL that a look saw, and another one when a look sees another", () => {
  using fixture = new Fixture("told");
  const { watches } = fixture;
  deepEqual(watches.paths, []);
  fixture.wal = WAL;
  fixture.clock.tick(25);
  deepEqual(watches.paths, [WAL.path]);
  fixture.clock.tick(1_000);
  deepEqual(watches.paths, [WAL.path], "the same one is watched once");
  fixture.wal = null;
  fixture.clock.tick(25);
  equal(watches.stopped, 1);
  fixture.wal = { ...WAL, identity: "1:2" };
  fixture.clock.tick(25);
  fixture.wal = { ...WAL, identity: "1:3" };
  fixture.clock.tick(25);
  deepEqual(watches.paths, [WAL.path, WAL.path, WAL.path]);
  equal(watches.stopped, 2);
});

Deno.test("watchSource() looks right after it armed a watch: a commit before it has sent no hint", () => {
  using fixture = new Fixture("told");
  fixture.peeked = false;
  fixture.wal = WAL;
  fixture.clock.tick(25);
  // The poll's own, and the one at the end of the turn in which it was armed.
  equal(fixture.looks, 2);
});

Deno.test("watchSource() looks at once when its watch ends, tells of it, and tries the same WAL again after 10 s", () => {
  using fixture = new Fixture("told");
  const { watches } = fixture;
  fixture.wal = WAL;
  fixture.clock.tick(25);
  fixture.peeked = false;
  const reason = new Error("no more");
  watches.end(reason);
  deepEqual(fixture.noEvents, [reason]);
  const before = fixture.looks;
  fixture.clock.tick(0);
  equal(fixture.looks, before + 1);
  fixture.clock.tick(9_900);
  equal(watches.paths.length, 1);
  fixture.clock.tick(200);
  equal(watches.paths.length, 2);
  equal(watches.stopped, 0, "what has ended is not stopped");
});

Deno.test("watchSource() polls as if it were alone while its watch can't be had", () => {
  using fixture = new Fixture("told");
  fixture.watches.failing = true;
  fixture.wal = WAL;
  fixture.clock.tick(25);
  ok(fixture.see("moved").includes("commit"));
  ok(fixture.noEvents[0] instanceof Deno.errors.NotFound);
  equal(fixture.watches.paths.length, 1);
});

Deno.test("watchSource() leaves no timer and no watch when it is stopped, also while it waits to try again", () => {
  for (const ended of [false, true]) {
    using fixture = new Fixture("told");
    fixture.wal = WAL;
    fixture.clock.tick(25);
    if (ended) fixture.watches.end(undefined);
    ok(fixture.clock.timers > 0);
    fixture.stop();
    equal(fixture.clock.timers, 0);
    equal(fixture.watches.stopped, ended ? 0 : 1);
  }
});
