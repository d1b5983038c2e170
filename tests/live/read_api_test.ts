/** The read API of the whole program, after it gave its rights away. */
import { deepEqual, equal } from "node:assert/strict";
import { follow, isCreated, JANE, readyOf, Scene, state } from "./support/scene.ts";

Deno.test("run answers chats, messages and local days with its rights given away, and a message once it was told of", async () => {
  await using scene = await Scene.open();
  await scene.fromJane("before");
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "chats");
  // deno-lint-ignore no-explicit-any -- what the test compares with what it expects
  const read = async (path: string): Promise<any> => {
    const response = await fetch(`${ready.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${ready.token}` },
    });
    return await response.json();
  };
  await scene.fromJane("now");
  const [told] = await client.have(1, isCreated);

  const { items: chats } = await read("chats");
  const ofJane = chats.find((chat: { chat_identifier: string }) => chat.chat_identifier === JANE);
  equal(ofJane.last_message.content, "now");
  const { items: [newest, oldest], next } = await read(`chats/${ofJane.id}/messages`);
  const { reactions, attachments, edits, sender, ...message } = newest;
  deepEqual({ message }, { message: Object(told?.["data"]).message });
  deepEqual([reactions, attachments, edits, sender.name], [[], [], [], JANE]);
  deepEqual([oldest.content, next], ["before", null]);

  const activity = await read("activity?days=2&tz=Pacific%2FAuckland&by=contact");
  deepEqual([activity.sent, activity.received, activity.contacts[0].name], [0, 2, JANE]);
  await client.close();
});
