/** Nobody but their owner reads the files of a run. */
import { deepEqual, equal } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import type { RunningProgram } from "../cli/support/program.ts";
import { readyOf, Scene, state } from "./support/scene.ts";

/** As most shells have it: what is made is readable for everybody. */
const OPEN_HANDED = ["/bin/sh", "-c", 'umask 022; exec "$@"', "sh"];

function modes(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].map(({ name }): [string, string] => [
      name,
      ((Deno.statSync(`${folder}/${name}`).mode ?? 0) & 0o777).toString(8),
    ]).toSorted(),
  );
}

async function runOnce(program: RunningProgram, look: () => void): Promise<void> {
  await state(await readyOf(program), "live");
  look();
  program.signal("SIGTERM");
  equal((await program.ended()).code, 0);
}

const WHILE_RUNNING = [
  "chatstats.db",
  "chatstats.db-shm",
  "chatstats.db-wal",
  "chatstats.db.lock",
  "instance.json",
];

Deno.test("run and sync make a folder of mode 0700 and files of 0600 when the umask is 022", async () => {
  await using scene = await Scene.open();
  const ours = `${scene.folder}/ours`;
  {
    await using program = scene.runUnder(OPEN_HANDED);
    await runOnce(program, () => {
      deepEqual(modes(ours), Object.fromEntries(WHILE_RUNNING.map((name) => [name, "600"])));
      equal((Deno.statSync(ours).mode ?? 0) & 0o777, 0o700);
    });
  }
  Deno.removeSync(ours, { recursive: true });
  await using sync = scene.syncUnder(OPEN_HANDED);
  equal((await sync.ended()).code, 0);
  deepEqual(modes(ours), { "chatstats.db": "600", "chatstats.db.lock": "600" });
  equal((Deno.statSync(ours).mode ?? 0) & 0o777, 0o700);
});

Deno.test("run takes others' rights from the files that it finds, and leaves the folder as its owner chose", async () => {
  await using scene = await Scene.open();
  const ours = `${scene.folder}/ours`;
  {
    await using program = scene.run();
    await runOnce(program, () => {});
  }
  // A WAL that is left, a backup, and all of it as a careless copy would be.
  using keeper = openDatabase(scene.database);
  keeper.exec("CREATE TABLE left_over (x)");
  Deno.writeTextFileSync(`${scene.database}.backup-v0`, "");
  Deno.writeTextFileSync(`${ours}/letter.txt`, "");
  for (const name of Object.keys(modes(ours))) Deno.chmodSync(`${ours}/${name}`, 0o644);
  Deno.chmodSync(ours, 0o755);
  await using program = scene.run();
  await runOnce(program, () => {
    const { "letter.txt": letter, ...files } = modes(ours);
    equal(letter, "644");
    deepEqual(Object.entries(files).filter(([, mode]) => mode !== "600"), []);
    equal((Deno.statSync(ours).mode ?? 0) & 0o777, 0o755);
  });
});
