/** A process that file permissions bind, without and with permission to read Messages' folder. */
import { deepEqual, equal, match } from "node:assert/strict";
import * as v from "valibot";
import { runProgram } from "../cli/support/program.ts";
import { boundByPermissions } from "../support/bound_by_permissions.ts";
import { until } from "../support/until.ts";
import { clear, putMessages } from "./support/faults.ts";
import { healthOf, readyOf, Scene, state } from "./support/scene.ts";

const before = boundByPermissions();
const Told = v.looseObject({
  data: v.looseObject({ state: v.string(), reason: v.string(), hint: v.string() }),
});

Deno.test(
  "run needs permission when the folder or the file may not be read, and goes live by itself when it may",
  {
    ignore: before === null,
  },
  async () => {
    for (const [part, mode] of [["folder", 0o000], ["folder", 0o100], ["file", 0o000]] as const) {
      await using scene = new Scene();
      putMessages(scene, 2);
      const path = part === "folder" ? scene.messagesFolder : scene.chatDb;
      Deno.chmodSync(path, mode);
      await using program = scene.runUnder(before ?? []);
      const ready = await readyOf(program);
      equal((await state(ready, "needs_permission")).status, "degraded");
      const line = await program.lineOut((each) => each.includes('"needs_permission"'));
      const { reason, hint } = v.parse(Told, JSON.parse(line)).data;
      match(
        reason,
        /^Cannot read .*\/Messages\/chat\.db: (the system|macOS) did not allow (it|this program to open it)$/,
      );
      match(hint, /Grant Full Disk Access in System Settings › Privacy & Security\. /);
      match(hint, /It is the app that started this program which needs it\. .*x-apple\.systempreferences:/);
      const headers = { authorization: `Bearer ${ready.token}` };
      const status = await (await fetch(`${ready.url}/api/v1/status`, { headers })).json();
      deepEqual(status.sources[0], { kind: "messages", path: scene.chatDb, state: "needs_permission", hint });
      Deno.chmodSync(path, 0o700);
      await state(ready, "live");

      if (part === "file") continue;
      // Taken away while it runs, and given back.
      Deno.chmodSync(path, mode);
      if (mode === 0o000) {
        await state(ready, "needs_permission");
        Deno.chmodSync(path, 0o700);
        await state(ready, "live");
      }
      Deno.chmodSync(path, 0o700);
      clear(scene);
      const guid = putMessages(scene, 2, 2);
      await program.lineOut((each) => each.includes(guid));
      const logged = program.linesErr.filter((each) => each.includes("needs_permission"));
      equal(logged.length, mode === 0o000 ? 2 : 1, logged.join("\n"));
      await until(async () => (await healthOf(ready)).state === "live", "live");
    }
  },
);

Deno.test(
  "run says so when the folder is read-only and Messages does not run, and goes live by itself when it is not",
  {
    ignore: before === null,
  },
  async () => {
    await using scene = new Scene();
    putMessages(scene, 2);
    Deno.chmodSync(scene.messagesFolder, 0o500);
    await using program = scene.runUnder(before ?? []);
    const ready = await readyOf(program);
    await state(ready, "failed");
    const line = await program.lineOut((each) => each.includes('"failed"'));
    const { reason, hint } = v.parse(Told, JSON.parse(line)).data;
    match(reason, /chat\.db: its folder is read-only and Messages does not have it open$/);
    match(hint, /^Open Messages, or make the folder writable for yourself\./);
    Deno.chmodSync(scene.messagesFolder, 0o700);
    await state(ready, "live");
  },
);

Deno.test("sync exits 3 when the folder may not be read", { ignore: before === null }, async () => {
  await using scene = new Scene();
  putMessages(scene, 1);
  Deno.chmodSync(scene.messagesFolder, 0o000);
  await using program = scene.syncUnder(before ?? []);
  const { code, stdout, stderr } = await program.ended();
  Deno.chmodSync(scene.messagesFolder, 0o700);
  equal(code, 3);
  equal(stdout, "");
  match(stderr, /Full Disk Access/);
});

Deno.test("sync exits 3 and names who needs the grant when the AddressBook alone may not be read", {
  ignore: before === null,
}, async () => {
  await using scene = new Scene();
  putMessages(scene, 1);
  Deno.chmodSync(scene.addressBook, 0o000);
  await using program = scene.syncUnder(before ?? []);
  const { code, stderr } = await program.ended();
  Deno.chmodSync(scene.addressBook, 0o700);
  equal(code, 3, stderr);
  match(stderr, /Grant it to: \S*deno/);
});

Deno.test("status says what is wrong with chat.db, and what to do, when nothing runs", async () => {
  await using scene = new Scene();
  putMessages(scene, 1);
  equal((await runProgram(["sync", ...scene.flags])).code, 0);
  const source = async () => {
    const { sources } = JSON.parse((await runProgram(["status", "--json", ...scene.flags])).stdout);
    return [sources[0].state, sources[0].hint.split(",")[0]];
  };
  deepEqual(await source(), ["ok", ""]);
  clear(scene);
  deepEqual(await source(), ["missing", "Open Messages once"]);
  Deno.mkdirSync(scene.chatDb);
  deepEqual(await source(), ["failed", "Name Messages' chat.db with --messages-db"]);
});
