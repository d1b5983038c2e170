/** How the program ends, and what it leaves behind. */
import { equal, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { follow, isCreated, readyOf, Scene, state } from "./support/scene.ts";

/** Nothing is left to recover: no WAL, or an empty one; and the file is whole by itself. */
function closedClean(database: string): void {
  let left = 0;
  try {
    left = Deno.statSync(`${database}-wal`).size;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  equal(left, 0);
  using db = openDatabase(database, { readOnly: true });
  equal(db.prepare("PRAGMA main.quick_check").get()?.["quick_check"], "ok");
}

Deno.test("SIGTERM closes WebSockets with 1001, exits 0 within 2 s and leaves a clean database", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const clients = [await follow(ready, "*"), await follow(ready, "contacts")];
  await scene.fromJane("Hi");
  await clients[0]?.have(1, isCreated);
  const askedAt = performance.now();
  program.signal("SIGTERM");
  for (const client of clients) equal((await client.closed).code, 1001);
  const { code, stderr } = await program.ended();
  ok(performance.now() - askedAt < 2_000);
  equal(code, 0, stderr);
  closedClean(scene.database);
});

Deno.test("SIGTERM in the middle of steady traffic exits 0 within 2 s, and the next run has all of it once", async () => {
  await using scene = await Scene.open();
  await using first = scene.run();
  await state(await readyOf(first), "live");
  const writing = scene.messages.traffic({ perSecond: 500, seconds: 0.4 });
  await first.lineOut((line) => line.includes('"message.created"'));
  const askedAt = performance.now();
  first.signal("SIGTERM");
  const { code, stdout } = await first.ended();
  ok(performance.now() - askedAt < 2_000);
  equal(code, 0);
  closedClean(scene.database);
  equal((await writing).length, 200);
  ok(stdout.split('"message.created"').length - 1 < 200, "it was in the middle");
  await using second = scene.run();
  await state(await readyOf(second), "live");
  await second.endStdin();
  equal((await second.ended()).code, 0);
  using db = openDatabase(scene.database, { readOnly: true });
  equal(db.prepare("SELECT count(*) AS n FROM messages").get()?.["n"], 200);
  equal(
    db.prepare("SELECT count(*) AS n FROM sync_events WHERE event = 'message.created'").get()?.["n"],
    200,
  );
});

Deno.test("the end of stdin ends a sidecar with exit 0 and a clean database", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  await program.endStdin();
  equal((await client.closed).code, 1001);
  const { code, stderr } = await program.ended();
  equal(code, 0, stderr);
  closedClean(scene.database);
});
