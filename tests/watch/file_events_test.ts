/** The folder watch with real files and a real writer in another process. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { ownExecutable, startMessagesProcess } from "../../src/demo/messages_process.ts";
import { isHint, watchFolder } from "../../src/watch/file_events.ts";
import { until } from "../support/until.ts";

const command = ownExecutable(import.meta.resolve("../../main.ts"));

/** Names that also remember which events were looked at. */
class Names extends Set<string> {
  readonly asked: string[] = [];
  override has(name: string): boolean {
    this.asked.push(name);
    return super.has(name);
  }
}

class Bench implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-watch-" }));
  readonly names = new Names(["chat.db", "chat.db-wal"]);
  hints = 0;
  readonly ends: unknown[] = [];
  readonly stop: () => void;

  constructor(below = "") {
    this.stop = watchFolder({
      folder: this.folder + below,
      names: this.names,
      onHint: () => this.hints++,
      onEnd: (error) => this.ends.push(error),
    });
  }

  /** Resolves when a hint comes that was not there yet. */
  async hinted(since: number, what: string): Promise<void> {
    await until(() => this.hints > since, what);
  }

  [Symbol.dispose](): void {
    this.stop();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("watchFolder() hints when another process commits through SQLite, after a checkpoint too", {
  // FSEvents tells of a write only when the writer closes the file.
  ignore: Deno.build.os === "darwin",
}, async () => {
  using bench = new Bench();
  const app = startMessagesProcess({ command, db: `${bench.folder}/chat.db` });
  await using _app = app;
  const chat = (await app.createChat({ address: "+12125550142" })).guid;
  await bench.hinted(0, "a hint of the first commit");
  for (const mode of ["PASSIVE", "RESTART", "TRUNCATE"] as const) {
    await app.checkpoint(mode);
    const before = bench.hints;
    await app.message({ chat, text: "Hi" });
    await bench.hinted(before, `a hint of the commit after ${mode}`);
  }
});

Deno.test("watchFolder() hints when the files were deleted and made anew", async () => {
  using bench = new Bench();
  for (let i = 0; i < 2; i++) {
    await using app = startMessagesProcess({ command, db: `${bench.folder}/chat.db` });
    const chat = (await app.createChat({ address: "+12125550142" })).guid;
    const before = bench.hints;
    await app.message({ chat, text: "Hi" });
    await app.close();
    await bench.hinted(before, "a hint of what was written");
    const whole = bench.hints;
    Deno.removeSync(`${bench.folder}/chat.db`);
    await bench.hinted(whole, "a hint of the deletion");
  }
  deepEqual(bench.ends, []);
});

Deno.test("watchFolder() gives no hint when other names change", async () => {
  using bench = new Bench();
  for (const name of ["chat.db-shm", "chat.db.bak", "xchat.db", "chat.db-wal2"]) {
    Deno.writeTextFileSync(`${bench.folder}/${name}`, "x");
  }
  Deno.mkdirSync(`${bench.folder}/end`);
  await until(() => bench.names.asked.includes("end"), "the last event");
  ok(bench.names.asked.includes("chat.db.bak"));
  equal(bench.hints, 0);
});

Deno.test("watchFolder() ends with the reason when the folder is missing", () => {
  using bench = new Bench("/nowhere");
  equal(bench.ends.length, 1);
  ok(bench.ends[0] instanceof Deno.errors.NotFound);
});

Deno.test("watchFolder() tells of no end when it was stopped, and gives no hint from then on", async () => {
  using bench = new Bench();
  using other = new Bench();
  bench.stop();
  Deno.mkdirSync(`${bench.folder}/chat.db`);
  // A watch that was started later sees an event that was made later.
  Deno.mkdirSync(`${other.folder}/chat.db`);
  await other.hinted(0, "a hint at the other watch");
  equal(bench.hints, 0);
  deepEqual(bench.ends, []);
});

Deno.test("isHint() is true for a name that matters, an overflow and an event without a path", () => {
  const names = new Set(["chat.db", "chat.db-wal"]);
  const other = "/Users/jane/Library/Messages/Attachments";
  equal(isHint({ paths: ["/a/b/chat.db-wal"] }, names), true);
  equal(isHint({ paths: [other, "/a/b/chat.db"] }, names), true);
  equal(isHint({ paths: ["chat.db"] }, names), true);
  equal(isHint({ paths: [other] }, names), false);
  equal(isHint({ paths: ["/a/chat.db/other"] }, names), false);
  equal(isHint({ paths: [] }, names), true);
  equal(isHint({ paths: [other], flag: "rescan" }, names), true);
});
