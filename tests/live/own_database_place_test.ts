/** A place where our database can't be: read-only, or on another machine. The whole program, real modes and mounts. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { boundByModes, withMode, withMountTable } from "../support/faults.ts";
import { fatalOf, runOn } from "./support/fatal.ts";
import { Scene } from "./support/scene.ts";

const bound = boundByModes();

function databaseIn(folder: string): string {
  Deno.mkdirSync(folder);
  openChatStatsDatabase(`${folder}/chatstats.db`, { randomUuid: () => "feed" }).close();
  return `${folder}/chatstats.db`;
}

Deno.test({
  name: "run ends with words when the file or its folder is read-only, or the folder can't be made",
  ignore: bound === null,
  async fn() {
    await using scene = new Scene();
    const file = databaseIn(`${scene.folder}/file`);
    using _file = withMode(file, 0o400);
    const folder = databaseIn(`${scene.folder}/folder`);
    using _folder = withMode(`${scene.folder}/folder`, 0o500);
    // The lock is there from before, so that it is the database that is refused.
    const locked = databaseIn(`${scene.folder}/locked`);
    Deno.writeTextFileSync(`${locked}.lock`, "");
    using _locked = withMode(`${scene.folder}/locked`, 0o500);
    Deno.mkdirSync(`${scene.folder}/parent`);
    using _parent = withMode(`${scene.folder}/parent`, 0o500);
    for (const path of [file, folder, locked, `${scene.folder}/parent/new/chatstats.db`]) {
      await using program = runOn(scene, path, bound ?? []);
      const { code, message } = await fatalOf(program);
      deepEqual(
        [code, message.includes(path.slice(0, path.lastIndexOf("/")))],
        ["database_read_only", true],
        message,
      );
    }
  },
});

Deno.test({
  name: "status says what to do when the folder of our database is read-only",
  ignore: bound === null,
  async fn() {
    await using scene = new Scene();
    const path = databaseIn(`${scene.folder}/folder`);
    using _folder = withMode(`${scene.folder}/folder`, 0o500);
    const [command = "", ...args] = [
      ...bound ?? [],
      Deno.execPath(),
      ...["run", "-A", "--no-prompt", new URL("../../main.ts", import.meta.url).pathname],
      ...["status", "--database", path, "--messages-db", scene.chatDb],
    ];
    const { code, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
    const said = new TextDecoder().decode(stderr);
    equal(code, 1, said);
    ok(said.includes(path) && said.includes("folder is read-only") && said.includes("another one"), said);
  },
});

Deno.test({
  name: "run refuses a database on a network volume before it makes anything there",
  ignore: withMountTable("/proc/self/mountinfo") === null,
  async fn() {
    await using scene = new Scene();
    Deno.mkdirSync(`${scene.folder}/nas`);
    const table = `${scene.folder}/mountinfo`;
    Deno.writeTextFileSync(
      table,
      `27 1 254:0 / / rw - ext4 /dev/vda rw\n40 27 0:40 / ${scene.folder}/nas rw - nfs4 nas:/export rw\n`,
    );
    const before = withMountTable(table) ?? [];
    {
      await using program = runOn(scene, `${scene.folder}/nas/new/chatstats.db`, before);
      const { code, message } = await fatalOf(program);
      equal(code, "network_volume");
      ok(message.includes("nfs4") && message.includes("WAL"));
    }
    deepEqual([...Deno.readDirSync(`${scene.folder}/nas`)], []);
    await using program = runOn(scene, `${scene.folder}/local/chatstats.db`, before);
    ok((await program.lineOut(() => true)).includes('"ready"'));
  },
});
