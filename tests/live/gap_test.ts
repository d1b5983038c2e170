/** What the WAL can't tell, because it was cut off before anybody had read it. */
import { equal } from "node:assert/strict";
import * as v from "valibot";
import { isEvent } from "../notify/support/socket_client.ts";
import { until } from "../support/until.ts";
import { CHAT_OF_JANE, follow, isCreated, JANE, readyOf, Scene, state } from "./support/scene.ts";

const Status = v.looseObject({
  reconcile: v.nullable(v.object({ missing: v.number(), different: v.number() })),
});

async function statusOf(ready: { readonly url: string; readonly token: string }) {
  const response = await fetch(`${ready.url}/api/v1/status`, {
    headers: { authorization: `Bearer ${ready.token}` },
  });
  return v.parse(Status, await response.json());
}

Deno.test("an edit of the oldest message is told when the WAL was cut off behind it while the program stood still", async () => {
  await using scene = await Scene.open();
  await scene.messages.batch(
    Array.from({ length: 200 }, (_, i) => ({
      do: "message",
      guid: `M${i}`,
      chat: CHAT_OF_JANE,
      from: JANE,
      text: `message ${i}`,
    })),
  );
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  // The comparison after the start would find it, too.
  await until(async () => (await statusOf(ready)).reconcile !== null, "the comparison after the start");
  const client = await follow(ready, "*");
  // The first pass after an import looks at more than others do.
  await scene.fromJane("before");
  await client.have(1, isCreated);

  program.signal("SIGSTOP");
  await scene.messages.edit({ guid: "M0", text: "other words" });
  await scene.messages.checkpoint("TRUNCATE");
  // A new WAL, so that the program finds one with nothing of the edit in it.
  await scene.fromJane("after the checkpoint");
  program.signal("SIGCONT");

  const [updated] = await client.have(1, (each) => isEvent(each) && each.event === "message.updated");
  equal(JSON.stringify(updated).includes("other words"), true);
  await until(
    async () => (await statusOf(ready)).reconcile?.different === 1,
    "the figures of what was mended",
  );
  await client.close();
});
