/** The first import makes no events: whoever knows a position from before its end has missed it, and is told. */
import { deepEqual, equal } from "node:assert/strict";
import * as v from "valibot";
import { SocketClient } from "../notify/support/socket_client.ts";
import { until } from "../support/until.ts";
import { created, follow, isCreated, readyOf, Scene, state } from "./support/scene.ts";

Deno.test("/ws sends resync to a client that left before the first import ended and resumes after it", async () => {
  await using scene = new Scene();
  // Contacts have nothing to tell of here.
  Deno.removeSync(scene.addressBook);
  await using program = scene.run();
  const ready = await readyOf(program);
  const before = await follow(ready, "*");
  await before.close();
  await until(async () => (await statusOf(ready)).clients === 0, "the client to be gone");
  await scene.startMessages();
  await state(ready, "live");

  const client = await SocketClient.connect(`${ready.ws}?token=${ready.token}`);
  const { seq } = await client.ask({ type: "subscribe", topics: ["*"], after: 0 }, "subscribed");
  deepEqual(client.messages.map((message) => message.type), ["resync", "subscribed"]);
  await scene.fromJane("told");
  const [told] = await client.have(1, isCreated);
  equal(told?.seq, (seq ?? NaN) + 1);
  equal(created(client.messages)[0]?.content, "told");
  equal(client.messages.filter((message) => message.type === "resync").length, 1);
  await client.close();
});

Deno.test("run spends no number of the feed at the next start when the import's end was told", async () => {
  await using scene = await Scene.open();
  for (let start = 1; start <= 2; start++) {
    await using program = scene.run();
    const ready = await readyOf(program);
    await state(ready, "live");
    equal((await statusOf(ready)).seq, 0);
    await program.endStdin();
    await program.ended();
  }
});

const Status = v.looseObject({ clients: v.number(), seq: v.number() });

async function statusOf(ready: { readonly url: string; readonly token: string }) {
  const headers = { authorization: `Bearer ${ready.token}` };
  return v.parse(Status, await (await fetch(`${ready.url}/api/v1/status`, { headers })).json());
}
