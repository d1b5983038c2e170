/** The watch on a WAL with real files and a real writer in another process. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { ownExecutable, startMessagesProcess } from "../../src/simulator/messages_process.ts";
import { watchWalEvents } from "../../src/watch/file_events.ts";
import { until } from "../support/until.ts";

const command = ownExecutable(import.meta.resolve("../../main.ts"));

class Fixture implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-watch-" }));
  readonly path = `${this.folder}/chat.db`;
  hints = 0;
  readonly ends: unknown[] = [];
  stop: () => void = () => {};

  watch(): void {
    this.stop = watchWalEvents({
      path: `${this.path}-wal`,
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

Deno.test("watchWalEvents() hints when another process commits through SQLite, after a checkpoint too", {
  // FSEvents tells of a write only when the writer closes the file.
  ignore: Deno.build.os === "darwin",
}, async () => {
  using fixture = new Fixture();
  await using app = startMessagesProcess({ command, db: fixture.path });
  const chat = (await app.createChat({ address: "+12125550142" })).guid;
  fixture.watch();
  for (const mode of ["PASSIVE", "RESTART", "TRUNCATE"] as const) {
    await app.checkpoint(mode);
    const before = fixture.hints;
    await app.message({ chat, text: "Hi" });
    await fixture.hinted(before, `a hint of the commit after ${mode}`);
  }
});

Deno.test("watchWalEvents() hints when the WAL is deleted", async () => {
  using fixture = new Fixture();
  Deno.writeTextFileSync(`${fixture.path}-wal`, "x");
  fixture.watch();
  Deno.removeSync(`${fixture.path}-wal`);
  await fixture.hinted(0, "a hint of the deletion");
  deepEqual(fixture.ends, []);
});

Deno.test("watchWalEvents() gives no hint when the database, its -shm or a neighbour changes", async () => {
  using fixture = new Fixture();
  Deno.writeTextFileSync(`${fixture.path}-wal`, "x");
  fixture.watch();
  for (const name of ["chat.db", "chat.db-shm", "chat.db.bak", "chat.db-wal2"]) {
    Deno.writeTextFileSync(`${fixture.folder}/${name}`, "x");
  }
  equal(fixture.hints, 0);
  // Events come in the order in which they were made.
  Deno.writeTextFileSync(`${fixture.path}-wal`, "y", { append: true });
  await fixture.hinted(0, "a hint of the WAL");
  ok(fixture.hints <= 2, `${fixture.hints} hints of one write`);
});

Deno.test("watchWalEvents() ends with the reason when there is no WAL", () => {
  using fixture = new Fixture();
  fixture.watch();
  equal(fixture.ends.length, 1);
  ok(fixture.ends[0] instanceof Deno.errors.NotFound);
});

Deno.test("watchWalEvents() tells of no end when it was stopped, and gives no hint from then on", async () => {
  using fixture = new Fixture();
  using other = new Fixture();
  for (const each of [fixture, other]) {
    Deno.writeTextFileSync(`${each.path}-wal`, "x");
    each.watch();
  }
  fixture.stop();
  Deno.writeTextFileSync(`${fixture.path}-wal`, "y");
  // A watch that was started later sees an event that was made later.
  Deno.writeTextFileSync(`${other.path}-wal`, "y");
  await other.hinted(0, "a hint at the other watch");
  equal(fixture.hints, 0);
  deepEqual(fixture.ends, []);
});
