/** The example's main process in Node, with a stand-in for Electron and a real sidecar. The real window is not run. */
import { deepEqual, equal, ok } from "node:assert/strict";
import * as v from "valibot";
import { readInstance } from "../../src/platform/instance.ts";
import { Scene } from "../live/support/scene.ts";
import { NodeProcess, type Told } from "./support/node_process.ts";

function fileOf(path: string): string {
  return new URL(path, import.meta.url).pathname;
}

const Sent = v.looseObject({ channel: v.string(), sent: v.nullable(v.looseObject({})) });

function isSent(told: Told, channel: string, fits: (message: Record<string, unknown>) => boolean): boolean {
  const sent = v.safeParse(Sent, told);
  return sent.success && sent.output.channel === channel && fits(sent.output.sent ?? {});
}

Deno.test("main.mjs sends state and events to a guarded window, and quits when the sidecar is gone", async () => {
  await using scene = await Scene.open();
  await using parent = new NodeProcess(
    ["--import", fileOf("./support/electron_hook.mjs"), fileOf("../../fixtures/electron/main.mjs")],
    () => readInstance(scene.database) === null,
    {
      CHATSTATS_DENO: Deno.execPath(),
      CHATSTATS_MESSAGES_DB: scene.chatDb,
      CHATSTATS_ADDRESSBOOK_DIR: scene.addressBook,
      CHATSTATS_DATABASE: scene.database,
      CHATSTATS_LOG_LEVEL: "error",
    },
  );
  const { rights } = await parent.first(({ told }) => told === "window", "a window");
  deepEqual(rights, { contextIsolation: true, nodeIntegration: false, sandbox: true });
  await parent.first((told) => isSent(told, "chatstats:state", ({ state }) => state === "live"), "live");
  const guid = await scene.fromJane("for the window");
  const isIt = (message: unknown) => JSON.stringify(message).includes(guid);
  await parent.first((told) => isSent(told, "chatstats:event", isIt), "the message");
  await parent.say("before");
  ok(isIt((await parent.first(({ told }) => told === "before", "what was before"))["page"]));

  ok(readInstance(scene.database) !== null);
  await parent.say("quit");
  equal((await parent.ended()).code, 0);
  equal(readInstance(scene.database), null);
  const quits = parent.told.filter(({ told }) => told === "quitting");
  deepEqual(quits.map(({ isPrevented }) => isPrevented), [true, false]);
});
