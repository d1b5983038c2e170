/** What the person sees when it is our own database that is in trouble: the whole program, real faults. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { runProgram } from "../cli/support/program.ts";
import { canMount, SmallDisk } from "../support/faults.ts";
import { fatalOf, runOn } from "./support/fatal.ts";
import { created, follow, isCreated, readyOf, Scene, state } from "./support/scene.ts";

Deno.test({
  name: "run says that the disk is full, loses nothing, and goes on by itself when there is room again",
  ignore: !canMount(),
  async fn() {
    using disk = new SmallDisk("3m");
    await using scene = await Scene.open();
    await using program = runOn(scene, `${disk.folder}/chatstats.db`);
    const ready = await readyOf(program);
    await state(ready, "live");
    const client = await follow(ready, "*");
    const before = await scene.fromJane("while there is room");
    await client.have(1, isCreated);
    disk.fill();
    const during = await scene.fromJane("x".repeat(100_000));
    equal((await state(ready, "failed")).status, "degraded");
    const told = await program.lineOut((line) => line.includes('"state":"failed"'));
    ok(told.includes("disk is full") && told.includes("Free some space"), told);
    disk.free();
    await state(ready, "live");
    const heard = created(await client.have(2, isCreated)).map(({ guid }) => guid);
    deepEqual(heard, [before, during]);
    await client.close();
  },
});

Deno.test({
  name: "run ends with words when the disk is full at the start",
  ignore: !canMount(),
  async fn() {
    using disk = new SmallDisk("256k");
    await using scene = new Scene();
    disk.fill();
    await using program = runOn(scene, `${disk.folder}/ours/chatstats.db`);
    const { code, message } = await fatalOf(program);
    equal(code, "disk_full", message);
  },
});

Deno.test("run and status end with words when our database is damaged, a folder, or has no folder", async () => {
  await using scene = new Scene();
  const letter = "Dear Jane, ".repeat(1_000);
  Deno.mkdirSync(`${scene.folder}/a folder.db`);
  Deno.writeTextFileSync(`${scene.folder}/letter.db`, letter);
  for (
    const [path, expected] of [
      [`${scene.folder}/letter.db`, "damaged"],
      [`${scene.folder}/a folder.db`, "not_a_file"],
      [`${scene.folder}/letter.db/chatstats.db`, "no_folder"],
    ] as const
  ) {
    await using program = runOn(scene, path);
    const { code, message } = await fatalOf(program);
    equal(code, expected, message);
    if (expected === "no_folder") continue;
    const status = await runProgram(["status", "--database", path]);
    equal(status.code, 1);
    ok(status.stderr.includes(path) && status.stderr.trimEnd().split("\n").length === 1, status.stderr);
  }
  equal(Deno.readTextFileSync(`${scene.folder}/letter.db`), letter);
});

Deno.test("run ends with words, and imports again at the next start, when the folder of our database is thrown away", async () => {
  await using scene = await Scene.open();
  await scene.fromJane("kept by Messages");
  {
    await using program = scene.run();
    await state(await readyOf(program), "live");
    Deno.removeSync(`${scene.folder}/ours`, { recursive: true });
    const { code, message, hint } = await fatalOf(program);
    equal(code, "database_gone");
    ok(message.includes("taken away") && hint.includes("Start again"));
  }
  await using program = scene.run();
  await state(await readyOf(program), "live");
  using db = openDatabase(scene.database, { readOnly: true });
  equal(db.prepare("SELECT count(*) AS n FROM messages").get()?.["n"], 1);
});

Deno.test("run touches nothing of another database that was put in the place of ours, and tells no one of lost commits", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  for (const side of ["", "-wal", "-shm"]) {
    Deno.renameSync(scene.database + side, `${scene.folder}/old.db${side}`);
  }
  // Somebody works on it: its WAL holds a commit that is nowhere else.
  using other = openChatStatsDatabase(scene.database, { randomUuid: () => "another feed" });
  other.exec("INSERT INTO chats (chat_identifier, is_group) VALUES ('theirs', 0)");
  await scene.fromJane("into a file that nobody sees");
  equal((await fatalOf(program)).code, "database_gone");
  equal(client.messages.filter(isCreated).length, 0);
  ok(Deno.statSync(`${scene.database}-wal`).size > 0);
  using reader = openDatabase(scene.database, { readOnly: true });
  deepEqual(reader.prepare("SELECT chat_identifier FROM chats").all().map((row) => ({ ...row })), [{
    chat_identifier: "theirs",
  }]);
});

Deno.test("status ends with words when a page that it reads is damaged", async () => {
  await using scene = await Scene.open();
  equal((await runProgram(["sync", ...scene.flags])).code, 0);
  let page = 0;
  {
    using db = openDatabase(scene.database, { readOnly: true });
    page = Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'chats'").get()?.["rootpage"]);
  }
  {
    using file = Deno.openSync(scene.database, { write: true });
    file.seekSync((page - 1) * 4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(4096).fill(0xa5));
  }
  const { code, stderr } = await runProgram(["status", ...scene.flags]);
  equal(code, 1);
  ok(stderr.includes(`Cannot read ${scene.database}: it is damaged. If it is ours, move it away`), stderr);
});

Deno.test("run leaves a WAL alone that was put in the place of its own", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  await state(await readyOf(program), "live");
  const wal = `${scene.database}-wal`;
  Deno.renameSync(wal, `${scene.folder}/old.wal`);
  Deno.writeTextFileSync(wal, "somebody else's commits");
  const { code, message } = await fatalOf(program);
  deepEqual([code, message.includes("was replaced")], ["database_gone", true]);
  equal(Deno.readTextFileSync(wal), "somebody else's commits");
});

Deno.test("run ends with words, and loses no commit, when the WAL of its database is taken away", async () => {
  await using scene = await Scene.open();
  const told: string[] = [];
  {
    await using program = scene.run();
    const ready = await readyOf(program);
    await state(ready, "live");
    const client = await follow(ready, "*");
    told.push(await scene.fromJane("told before"));
    await client.have(1, isCreated);
    Deno.removeSync(`${scene.database}-wal`);
    const { code, message } = await fatalOf(program);
    deepEqual([code, message.includes(scene.database)], ["database_gone", true]);
  }
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  told.push(await scene.fromJane("told after"));
  await client.have(1, isCreated);
  using db = openDatabase(scene.database, { readOnly: true });
  const kept = db.prepare("SELECT guid FROM messages ORDER BY id").all().map((row) => row["guid"]);
  deepEqual(kept, told);
  await client.close();
});
