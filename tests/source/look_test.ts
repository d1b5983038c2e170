import { deepEqual, equal, ok } from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { SourceLook } from "../../src/source/look.ts";
import { Bench, messagesProcess } from "./support/source_fixture.ts";

const JANE = "+15550100001";

function kinds(look: SourceLook, times = 2): string[] {
  return Array.from({ length: times }, () => look.look().kind);
}

Deno.test("look() moves once at a commit of another process, and is quiet in between", async () => {
  using bench = new Bench();
  await using app = messagesProcess(bench.path);
  const chat = (await app.createChat({ address: JANE })).guid;
  const look = new SourceLook(bench.source);
  equal(look.look().kind, "other_file"); // nothing is attached yet
  bench.attach();
  deepEqual(kinds(look), ["moved", "quiet"]);
  for (let i = 0; i < 5; i++) {
    const { committedAtMs } = await app.message({ chat, from: JANE, text: `${i}` });
    const seen = look.look();
    ok(seen.kind === "moved");
    ok(Math.abs(seen.modifiedMs - committedAtMs) < 1_000);
    equal(look.look().kind, "quiet");
  }
  await app.exec("BEGIN; UPDATE message SET text = 'never'; ROLLBACK");
  equal(look.look().kind, "quiet");
});

Deno.test("look() moves at checkpoints of another process and misses no commit after one", async () => {
  using bench = new Bench();
  await using app = messagesProcess(bench.path);
  const chat = (await app.createChat({ address: JANE })).guid;
  bench.attach();
  const look = new SourceLook(bench.source);
  for (const mode of ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] as const) {
    await app.message({ chat, text: mode });
    deepEqual(kinds(look), ["moved", "quiet"], mode);
    await app.checkpoint(mode);
    look.look();
    equal(look.look().kind, "quiet", mode);
    await app.message({ chat, text: mode });
    deepEqual(kinds(look), ["moved", "quiet"], mode);
  }
});

Deno.test("look() is quiet after our own reads of the source and our own commits", async () => {
  using bench = new Bench();
  await using app = messagesProcess(bench.path);
  await app.createChat({ address: JANE });
  bench.attach();
  const look = new SourceLook(bench.source);
  look.look();
  equal(bench.rows("SELECT * FROM source_chat").length, 1);
  bench.db.transaction(() => bench.db.exec("INSERT INTO main.kept SELECT guid, 1 FROM source_chat"));
  bench.db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
  deepEqual(kinds(look), ["quiet", "quiet"]);
});

Deno.test("look() says other_file until it is attached when the file was deleted and made anew", async () => {
  using bench = new Bench();
  await using app = messagesProcess(bench.path);
  await app.createChat({ address: JANE });
  bench.attach();
  const look = new SourceLook(bench.source);
  deepEqual(kinds(look), ["moved", "quiet"]);
  for (const side of ["", "-wal", "-shm"]) Deno.removeSync(bench.path + side);
  deepEqual(kinds(look), ["missing", "missing"]);
  await app.kill();
  await using second = messagesProcess(bench.path);
  const { guid } = await second.createChat({ address: "+15550100002" });
  deepEqual(kinds(look), ["other_file", "other_file"]);
  bench.attach();
  deepEqual(kinds(look), ["moved", "quiet"]);
  deepEqual(bench.rows("SELECT guid FROM source_chat"), [{ guid }]);
  await second.message({ chat: guid, text: "Hi" });
  deepEqual(kinds(look), ["moved", "quiet"]);
});

Deno.test("look() says other_file when another file was renamed over the attached one", () => {
  using bench = new Bench();
  createChatDatabase(bench.path, { release: "macos14" }).close();
  bench.attach();
  const look = new SourceLook(bench.source);
  deepEqual(kinds(look), ["moved", "quiet"]);
  createChatDatabase(`${bench.folder}/new.db`, { release: "macos15" }).close();
  Deno.renameSync(`${bench.folder}/new.db`, bench.path);
  deepEqual(kinds(look), ["other_file", "other_file"]);
  bench.attach();
  deepEqual(kinds(look), ["moved", "quiet"]);
});

Deno.test("look() is missing and then quiet when the file was away and came back", () => {
  using bench = new Bench();
  createChatDatabase(bench.path, { release: "macos14" }).close();
  bench.attach();
  const look = new SourceLook(bench.source);
  look.look();
  Deno.renameSync(bench.path, `${bench.folder}/away.db`);
  equal(look.look().kind, "missing");
  Deno.renameSync(`${bench.folder}/away.db`, bench.path);
  equal(look.look().kind, "quiet");
});

Deno.test("look() is deaf until it is attached anew when the -wal or the -shm was deleted or replaced", async () => {
  for (const side of ["-wal", "-shm"]) {
    using bench = new Bench();
    await using app = messagesProcess(bench.path);
    await app.createChat({ address: JANE });
    bench.attach();
    const look = new SourceLook(bench.source);
    deepEqual(kinds(look), ["moved", "quiet"]);
    Deno.renameSync(bench.path + side, `${bench.folder}/taken${side}`);
    deepEqual(kinds(look), ["deaf", "deaf"], `${side} taken away`);
    Deno.copyFileSync(`${bench.folder}/taken${side}`, bench.path + side);
    deepEqual(kinds(look), ["deaf", "deaf"], `${side} replaced`);
    Deno.renameSync(`${bench.folder}/taken${side}`, bench.path + side);
    deepEqual(kinds(look), ["moved", "quiet"], `${side} came back`);
  }
});

Deno.test("look() names the WAL beside the file that a link leads to", async () => {
  using bench = new Bench();
  Deno.mkdirSync(`${bench.folder}/real`);
  const real = `${Deno.realPathSync(bench.folder)}/real/chat.db`;
  await using app = messagesProcess(real);
  await app.createChat({ address: JANE });
  Deno.symlinkSync(real, bench.path);
  bench.attach();
  const seen = new SourceLook(bench.source).look();
  ok(seen.kind === "moved");
  equal(seen.wal?.path, `${real}-wal`);
});

Deno.test("peek() is true while a look would see a commit, and where nothing is attached", async () => {
  using bench = new Bench();
  await using app = messagesProcess(bench.path);
  const look = new SourceLook(bench.source);
  ok(look.peek());
  const chat = (await app.createChat({ address: JANE })).guid;
  bench.attach();
  ok(look.peek());
  look.look();
  ok(!look.peek());
  await app.message({ chat, text: "Hi" });
  ok(look.peek());
  ok(look.peek(), "a peek takes nothing from the look");
  equal(look.look().kind, "moved");
  ok(!look.peek());
});
