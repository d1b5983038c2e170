import { deepEqual, equal, ok } from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { SourceLook } from "../../src/source/look.ts";
import { Fixture, messagesProcess } from "./support/source_fixture.ts";

const JANE = "+15550100001";

function kinds(look: SourceLook, times = 2): string[] {
  return Array.from({ length: times }, () => look.look().kind);
}

Deno.test("look() moves once at a commit of another process, and is quiet in between", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  const chat = (await app.createChat({ address: JANE })).guid;
  const look = new SourceLook(fixture.source);
  equal(look.look().kind, "other_file"); // nothing is attached yet
  fixture.attach();
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
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  const chat = (await app.createChat({ address: JANE })).guid;
  fixture.attach();
  const look = new SourceLook(fixture.source);
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
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  await app.createChat({ address: JANE });
  fixture.attach();
  const look = new SourceLook(fixture.source);
  look.look();
  equal(fixture.rows("SELECT * FROM source_chat").length, 1);
  fixture.db.transaction(() => fixture.db.exec("INSERT INTO main.kept SELECT guid, 1 FROM source_chat"));
  fixture.db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)");
  deepEqual(kinds(look), ["quiet", "quiet"]);
});

Deno.test("look() says other_file until it is attached when the file was deleted and made anew", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  await app.createChat({ address: JANE });
  fixture.attach();
  const look = new SourceLook(fixture.source);
  deepEqual(kinds(look), ["moved", "quiet"]);
  for (const side of ["", "-wal", "-shm"]) Deno.removeSync(fixture.path + side);
  deepEqual(kinds(look), ["missing", "missing"]);
  await app.kill();
  await using second = messagesProcess(fixture.path);
  const { guid } = await second.createChat({ address: "+15550100002" });
  deepEqual(kinds(look), ["other_file", "other_file"]);
  fixture.attach();
  deepEqual(kinds(look), ["moved", "quiet"]);
  deepEqual(fixture.rows("SELECT guid FROM source_chat"), [{ guid }]);
  await second.message({ chat: guid, text: "Hi" });
  deepEqual(kinds(look), ["moved", "quiet"]);
});

Deno.test("look() says other_file when another file was renamed over the attached one", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos14" }).close();
  fixture.attach();
  const look = new SourceLook(fixture.source);
  deepEqual(kinds(look), ["moved", "quiet"]);
  createChatDatabase(`${fixture.folder}/new.db`, { release: "macos15" }).close();
  Deno.renameSync(`${fixture.folder}/new.db`, fixture.path);
  deepEqual(kinds(look), ["other_file", "other_file"]);
  fixture.attach();
  deepEqual(kinds(look), ["moved", "quiet"]);
});

Deno.test("look() is missing and then quiet when the file was away and came back", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos14" }).close();
  fixture.attach();
  const look = new SourceLook(fixture.source);
  look.look();
  Deno.renameSync(fixture.path, `${fixture.folder}/away.db`);
  equal(look.look().kind, "missing");
  Deno.renameSync(`${fixture.folder}/away.db`, fixture.path);
  equal(look.look().kind, "quiet");
});

Deno.test("look() is deaf until it is attached anew when the -wal or the -shm was deleted or replaced", async () => {
  for (const side of ["-wal", "-shm"]) {
    using fixture = new Fixture();
    await using app = messagesProcess(fixture.path);
    await app.createChat({ address: JANE });
    fixture.attach();
    const look = new SourceLook(fixture.source);
    deepEqual(kinds(look), ["moved", "quiet"]);
    Deno.renameSync(fixture.path + side, `${fixture.folder}/taken${side}`);
    deepEqual(kinds(look), ["deaf", "deaf"], `${side} taken away`);
    Deno.copyFileSync(`${fixture.folder}/taken${side}`, fixture.path + side);
    deepEqual(kinds(look), ["deaf", "deaf"], `${side} replaced`);
    Deno.renameSync(`${fixture.folder}/taken${side}`, fixture.path + side);
    deepEqual(kinds(look), ["moved", "quiet"], `${side} came back`);
  }
});

Deno.test("look() names the WAL beside the file that a link leads to", async () => {
  using fixture = new Fixture();
  Deno.mkdirSync(`${fixture.folder}/real`);
  const real = `${Deno.realPathSync(fixture.folder)}/real/chat.db`;
  await using app = messagesProcess(real);
  await app.createChat({ address: JANE });
  Deno.symlinkSync(real, fixture.path);
  fixture.attach();
  const seen = new SourceLook(fixture.source).look();
  ok(seen.kind === "moved");
  equal(seen.wal?.path, `${real}-wal`);
});

Deno.test("peek() is true while a look would see a commit, and where nothing is attached", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  const look = new SourceLook(fixture.source);
  ok(look.peek());
  const chat = (await app.createChat({ address: JANE })).guid;
  fixture.attach();
  ok(look.peek());
  look.look();
  ok(!look.peek());
  await app.message({ chat, text: "Hi" });
  ok(look.peek());
  ok(look.peek(), "a peek takes nothing from the look");
  equal(look.look().kind, "moved");
  ok(!look.peek());
});
