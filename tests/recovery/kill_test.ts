/**
 * kill −9 at every named step: the database ends like one that was never interrupted, and a client that resumes with
 * `after` has every event exactly once.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { populate } from "../../src/demo/populate.ts";
import { SeededRandom } from "../../src/demo/random.ts";
import { logicalContent } from "../support/logical_content.ts";
import { testSeed } from "../support/seed.ts";
import { type Line, Sidecar } from "../support/sidecar.ts";
import { Workbench } from "../support/workbench.ts";

const CHILD = new URL("../support/sidecar_child.ts", import.meta.url).pathname;
const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

const LABELS = [
  "pass.before_transaction",
  "pass.in_transaction",
  "pass.before_commit",
  "announce.before",
  "announce.after",
] as const;

class Run implements Disposable {
  readonly bench = new Workbench();
  readonly heard: Line[] = [];
  feed: string | undefined;
  #n = 0;

  constructor() {
    this.bench.app.createChat({ address: JANE });
    this.bench.sync();
    this.bench.release();
  }

  start(label: string, nth: number): Sidecar {
    return new Sidecar([CHILD, this.bench.database, this.bench.chatDb, label, String(nth)]);
  }

  /** Writes a few commits of different kinds; gives how many stored events they make at least. */
  write(): void {
    const { app } = this.bench;
    const { guid } = app.message({ chat: CHAT, from: JANE, text: `message ${this.#n++}` });
    app.tapback({ target: guid, kind: "like" });
    app.message({ chat: CHAT, attachments: [{ name: "cat.heic" }] });
  }

  get lastSeq(): number {
    return this.heard.at(-1)?.seq ?? 0;
  }

  /** Asks for everything after what was heard, and hears until `seq`. */
  async resume(sidecar: Sidecar): Promise<void> {
    const ready = await sidecar.ready();
    await sidecar.send({ type: "subscribe", topics: ["*"], after: this.lastSeq, feed: ready["feed"] });
    await sidecar.until((lines) => lines.some((line) => line.type === "subscribed"));
  }

  /** Takes over what a sidecar said, in the order of the numbers: what came before `subscribed` may overtake. */
  hear(sidecar: Sidecar): void {
    this.heard.push(...sidecar.stored());
    this.heard.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  }

  [Symbol.dispose](): void {
    this.bench[Symbol.dispose]();
  }
}

/** After all kills: a last run hears the rest; then everything must be there once. */
async function judge(run: Run): Promise<void> {
  {
    const last = run.start("-", 1);
    await run.resume(last);
    await last.send({ type: "sync" });
    await last.until((lines) => lines.some((line) => line.type === "synced"));
    const { seq } = run.bench.peekFeed();
    await last.until((lines) => run.lastSeq >= seq || lines.some((line) => line.seq === seq));
    await last.endInput();
    await last.gone();
    run.hear(last);
  }
  run.bench.restart();
  const stored = run.bench.column("SELECT seq FROM sync_events ORDER BY seq");
  deepEqual(run.heard.map((line) => line.seq), stored, "each event once, none missing");
  ok(stored.length > 0);
  using fresh = new Workbench();
  fresh.readFrom(run.bench.chatDb);
  fresh.sync();
  deepEqual(logicalContent(run.bench.db), logicalContent(fresh.db));
}

for (const label of LABELS) {
  Deno.test(`a sidecar killed at ${label} loses and repeats nothing`, async () => {
    using run = new Run();
    for (const nth of [1, 3]) {
      const sidecar = run.start(label, nth);
      await run.resume(sidecar);
      while (!await isGone(sidecar)) run.write();
      equal((await sidecar.gone()).signal, "SIGKILL");
      run.hear(sidecar);
    }
    await judge(run);
  });
}

Deno.test("a sidecar killed at random moments loses and repeats nothing", async () => {
  const seed = testSeed();
  console.log(`seed ${seed}`);
  const random = new SeededRandom(seed);
  using run = new Run();
  const kills = Number(Deno.env.get("CHATSTATS_TEST_KILLS") ?? 5);
  for (let i = 0; i < kills; i++) {
    const sidecar = run.start("-", 1);
    await run.resume(sidecar);
    const until = sidecar.stored().length + random.integer(1, 8);
    while (sidecar.stored().length < until) {
      run.write();
      await turn();
    }
    sidecar.kill("SIGKILL");
    await sidecar.gone();
    run.hear(sidecar);
  }
  await judge(run);
});

Deno.test("an import killed in any part goes on where it stopped and ends like an uninterrupted one", async () => {
  using bench = new Workbench();
  populate(bench.app.db, { messages: 6_000, chats: 20, seed: 3 });
  bench.release();
  const start = (label: string, nth: number) =>
    new Sidecar([CHILD, bench.database, bench.chatDb, label, `${nth}`, "1000"]);
  for (
    const [label, nth] of [["pass.in_transaction", 1], ["pass.before_commit", 2], [
      "pass.after_commit",
      2,
    ]] as const
  ) {
    const sidecar = start(label, nth);
    equal((await sidecar.gone()).signal, "SIGKILL", `${label} ${nth}`);
    ok(!sidecar.lines.some((line) => line.event === "import.completed"));
  }
  {
    await using last = start("-", 1);
    await last.until((lines) => lines.some((line) => line.event === "import.completed"));
    const completed = last.lines.find((line) => line.event === "import.completed");
    ok(completed?.["data"].done > 6_000 && completed?.["data"].done === completed?.["data"].total);
    await last.until((lines) => lines.some((line) => line.type === "resync"));
    ok(last.lines.some((line) => line.type === "resync"));
    equal(last.stored().length, 0);
  }
  bench.restart();
  using fresh = new Workbench();
  fresh.readFrom(bench.chatDb);
  fresh.sync();
  deepEqual(logicalContent(bench.db), logicalContent(fresh.db));
  deepEqual(bench.column("PRAGMA main.quick_check"), ["ok"]);
});

/** Lets the event loop have a turn: pipes are read, exits seen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

async function isGone(sidecar: Sidecar): Promise<boolean> {
  return await Promise.race([sidecar.exited.then(() => true), turn().then(() => false)]);
}
