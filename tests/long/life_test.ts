/** `deno task test:long` alone: some minutes in which happens what else takes days. Linux only, for /proc. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { logicalContent } from "../support/logical_content.ts";
import { until } from "../support/until.ts";
import { SyncFixture } from "../support/sync_fixture.ts";
import { Life } from "./support/life.ts";
import { ends } from "./support/process_sample.ts";

const SECONDS = Number(Deno.env.get("CHATSTATS_TEST_LIFE_SECONDS") ?? 240);
/** What a WAL may have beyond the 16 MiB at which it is checkpointed: one transaction. */
const WAL_BYTES = 24 * 1024 * 1024;

Deno.test({
  name: "run stays flat, and true, when it lives long",
  ignore: Deno.env.get("CHATSTATS_TEST_LONG") !== "1" || Deno.build.os !== "linux",
  async fn() {
    await using life = new Life();
    await life.begin();
    await live(life);
    await life.inStep();
    // Looked for once an hour, which is ten seconds here.
    await until(() => life.fixture.peekFeed().oldest > 1, "the pruning");
    await life.end();
    judge(life);

    const rss = ends(life.samples.map(({ rssMb }) => rssMb));
    const handles = ends(life.samples.map(({ handles }) => handles));
    console.log(
      `${life.heard.length} events; RSS ${rss.first.toFixed(1)} → ${rss.last.toFixed(1)} MB; handles ` +
        `${handles.first} → ${handles.last}; WAL at most ${(life.largestWalBytes / 2 ** 20).toFixed(1)} MiB`,
    );
    console.log(`RSS over time, MB: ${series(life.samples.map(({ rssMb }) => rssMb)).join(" ")}`);
    ok(rss.last <= Math.max(rss.first * 1.15, rss.first + 15), "memory is flat");
    ok(handles.last <= handles.first + 2, "file handles are flat");
    ok(life.largestWalBytes <= WAL_BYTES, `our WAL is bounded: ${life.largestWalBytes}`);
  },
});

/** Everything happens several times, in turns that do not fall together; the clock's last jump in the last third. */
async function live(life: Life): Promise<void> {
  let asleep: Deno.TcpConn | null = null;
  for (let i = 1; i <= SECONDS; i++) {
    await life.second();
    if (i % 13 === 0) await life.sleep();
    if (i % 20 === 0) {
      asleep?.close();
      asleep = await life.sleepingClient();
    }
    if (i % Math.ceil(SECONDS / 6) === 0) {
      await life.inStep();
      await life.replaceSource();
      await life.inStep();
    }
    if (i % Math.floor(SECONDS * 0.8 / life.clockJumps) === 0) life.jumpClock();
  }
  asleep?.close();
}

function judge(life: Life): void {
  const { fixture } = life;
  fixture.restart();
  // The feed's end, one number after the other, and each of them heard once on stdout.
  const kept = fixture.column("SELECT seq FROM sync_events ORDER BY seq");
  const [oldest] = kept;
  ok(typeof oldest === "number" && oldest > 1, "old events were pruned");
  ok(kept.length >= 100_000, "no more were pruned than may be");
  deepEqual(life.heard, kept.filter((seq) => Number(seq) > life.seeded), "every event once");
  equal(life.lines.filter((line) => line.type === "resync").length, 0);
  deepEqual(fixture.column("PRAGMA main.quick_check"), ["ok"]);
  using fresh = new SyncFixture();
  fresh.readFrom(fixture.chatDb);
  fresh.sync();
  deepEqual(logicalContent(fixture.db), logicalContent(fresh.db));
}

/** About thirty of them, evenly. */
function series(values: readonly number[]): string[] {
  const every = Math.ceil(values.length / 30);
  return values.filter((_, i) => i % every === 0).map((value) => value.toFixed(0));
}
