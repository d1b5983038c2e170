/** The Electron example's patience: a parent that does not read for a real minute. For `test:long`. */
import { deepEqual, ok } from "node:assert/strict";
import * as v from "valibot";
import { readInstance } from "../../src/platform/instance.ts";
import { NodeParent } from "../electron/support/node_process.ts";
import { CHAT_OF_JANE, CHAT_OF_OMAR, JANE, OMAR, Scene } from "../live/support/scene.ts";
import { until } from "../support/until.ts";

const ignore = Deno.env.get("CHATSTATS_TEST_LONG") !== "1";
const MB = 1024 * 1024;
const mainModule = new URL("../../main.ts", import.meta.url).pathname;

Deno.test({
  name: "a parent that does not read for a minute loses nothing, and nothing grows meanwhile",
  ignore,
  fn: async () => {
    await using scene = await Scene.open();
    await using parent = new NodeParent({
      command: [Deno.execPath(), "run", "-A", "--no-prompt", mainModule],
      flags: [...scene.flags, "--log-level", "error"],
    }, () => readInstance(scene.database) === null);
    await parent.first(({ told }) => told === "ready", "ready");
    const status = async () => {
      const info = readInstance(scene.database)?.info;
      const headers = { authorization: `Bearer ${info?.token}` };
      const response = await fetch(`${info?.url}/api/v1/status`, { headers });
      return v.parse(
        v.looseObject({ state: v.string(), seq: v.number(), rss_bytes: v.number() }),
        await response.json(),
      );
    };
    await until(async () => (await status()).state === "live", "the end of the import");
    await parent.say("hold");
    await parent.first(({ told }) => told === "holding", "the parent to hold");
    const first = await scene.messages.message({ chat: CHAT_OF_JANE, from: JANE, text: "first" });
    await until(async () => (await status()).seq > 0, "the first event");

    // Work itself takes memory at first, whoever reads: measured from the time on when it has that.
    let warm = Infinity;
    const guids = [first.guid];
    const startedAt = performance.now();
    while (performance.now() - startedAt < 60_000) {
      const commands = Array.from({ length: 100 }, (_, i) => ({
        do: "message",
        chat: i % 2 === 0 ? CHAT_OF_JANE : CHAT_OF_OMAR,
        from: i % 2 === 0 ? JANE : OMAR,
        text: "x".repeat(1_000),
      }));
      const { results } = await scene.messages.batch(commands);
      guids.push(...results.map((result) => v.parse(v.string(), result["guid"])));
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (warm === Infinity && performance.now() - startedAt > 20_000) warm = (await status()).rss_bytes;
    }
    deepEqual(parent.guids, []);
    await until(async () => (await status()).seq >= guids.length, "all of it in the feed");
    const grown = (await status()).rss_bytes - warm;
    ok(grown < 30 * MB, `${Math.round(grown / MB)} MB more`);
    await parent.say("go");
    await until(() => parent.guids.length >= guids.length, "all of it");
    deepEqual(parent.guids, guids);
  },
});
