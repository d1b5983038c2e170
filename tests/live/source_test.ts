/** Messages' database comes, goes and is replaced while the program runs. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { parseObject, RunningProgram } from "../cli/support/program.ts";
import { created, follow, healthOf, isCreated, JANE, readyOf, Scene, state } from "./support/scene.ts";

Deno.test("run is ready all the same when there is no chat.db, and goes live by itself when it appears", async () => {
  await using scene = new Scene();
  await using program = scene.run();
  const ready = await readyOf(program);
  const changed = parseObject(await program.lineOut((line) => line.includes('"state":"source_missing"')));
  equal(changed["event"], "state.changed");
  equal((await healthOf(ready)).status, "degraded");
  equal((await healthOf(ready)).state, "source_missing");
  const client = await follow(ready, "*");
  await scene.startMessages();
  await scene.fromJane("here I am");
  equal((await state(ready, "live")).status, "ok");
  await program.lineOut((line) => line.includes('"state.changed"') && line.includes('"state":"live"'));
  // What was there at the import is not told row by row; what comes now is.
  const guid = await scene.fromJane("and now live");
  await client.have(1, (each) => created([each]).some((message) => message.guid === guid));
  await client.close();
});

Deno.test("run waits for the folder, too, when even that is missing", async () => {
  await using scene = new Scene();
  Deno.removeSync(scene.messagesFolder);
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "source_missing");
  Deno.mkdirSync(scene.messagesFolder);
  await scene.startMessages();
  await state(ready, "live");
});

Deno.test("run keeps what it has and reads on when chat.db is replaced under it", async () => {
  await using scene = await Scene.open();
  await scene.fromJane("in both: before");
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  const old = await scene.fromJane("in the old file alone");
  await client.have(1, isCreated);

  await scene.messages.close();
  for (const side of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(scene.chatDb + side);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await state(ready, "source_missing");
  await scene.startMessages(2);
  const guids = [await scene.fromJane("in the new file"), await scene.fromJane("and one more")];
  const told = created(await client.have(3, isCreated)).map(({ guid }) => guid);
  deepEqual(told.toSorted(), [old, ...guids].toSorted());
  await state(ready, "live");
  const later = await scene.fromJane("live again");
  deepEqual(created(await client.have(4, isCreated)).at(-1)?.guid, later);
  ok(!client.messages.some((each) => each.event === "message.deleted"));
  await client.close();
  const status = await fetch(`${ready.url}/api/v1/status`, {
    headers: { authorization: `Bearer ${ready.token}` },
  });
  ok((await status.text()).includes('"messages":5'));
});

Deno.test("run reads the new file when another one is renamed over chat.db", async () => {
  await using scene = await Scene.open();
  await using other = new Scene();
  await other.startMessages(2);
  await scene.fromJane("old");
  const moved = await other.fromJane("new");
  await other.messages.close();
  await scene.messages.close();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  for (const side of ["-wal", "-shm"]) Deno.removeSync(scene.chatDb + side);
  Deno.renameSync(other.chatDb, scene.chatDb);
  deepEqual(created(await client.have(1, isCreated)), [{ guid: moved, content: "new" }]);
  ok(client.messages.every((each) => each.event !== "contact.created"), `${JANE} is known`);
  await client.close();
});

Deno.test("run says that it failed, and goes live by itself, when the file becomes Messages' database later", async () => {
  for (const content of ["", "Dear Jane, ".repeat(500)]) {
    await using scene = new Scene();
    Deno.writeTextFileSync(scene.chatDb, content);
    await using program = scene.run();
    const ready = await readyOf(program);
    equal((await state(ready, "failed")).status, "degraded");
    const told = await program.lineOut((line) => line.includes('"state":"failed"'));
    ok(parseObject(JSON.stringify(parseObject(told)["data"]))["hint"] !== "");
    // Only text must be taken away first; SQLite makes tables in an empty file.
    if (content !== "") Deno.removeSync(scene.chatDb);
    await scene.startMessages();
    await state(ready, "live");
  }
});

Deno.test("run follows a link to chat.db, and to another one when it is made to lead there", async () => {
  await using scene = await Scene.open();
  await using other = new Scene();
  await other.startMessages(2);
  const link = `${scene.folder}/link.db`;
  Deno.symlinkSync(scene.chatDb, link);
  await using program = new RunningProgram(["run", "--sidecar", ...scene.flags, "--messages-db", link]);
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  const first = await scene.fromJane("in the first");
  deepEqual(created(await client.have(1, isCreated)).map(({ guid }) => guid), [first]);
  Deno.symlinkSync(other.chatDb, `${link}.new`);
  Deno.renameSync(`${link}.new`, link);
  const second = await other.fromJane("in the second");
  deepEqual(created(await client.have(2, isCreated)).map(({ guid }) => guid), [first, second]);
  await client.close();
});

Deno.test("run keeps all it has, tells nothing twice and reads on when Messages' folder is moved away and back", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  const first = await scene.fromJane("before");
  await client.have(1, isCreated);
  Deno.renameSync(scene.messagesFolder, `${scene.folder}/away`);
  await state(ready, "source_missing");
  // Messages does not know that its folder was moved: it writes on.
  const second = await scene.fromJane("meanwhile");
  Deno.renameSync(`${scene.folder}/away`, scene.messagesFolder);
  await state(ready, "live");
  const third = await scene.fromJane("after");
  const told = created(await client.have(3, isCreated)).map(({ guid }) => guid);
  deepEqual(told, [first, second, third]);
  await client.close();
});
