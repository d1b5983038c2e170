/** From Messages' commit in one process to a WebSocket client of another. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { isEvent } from "../notify/support/socket_client.ts";
import { seqs } from "../notify/support/wire.ts";
import {
  CHAT_OF_JANE,
  CHAT_OF_OMAR,
  created,
  follow,
  healthOf,
  isCreated,
  JANE,
  OMAR,
  readyOf,
  Scene,
  state,
  topicOf,
} from "./support/scene.ts";

for (const flags of [[], ["--no-file-events"]]) {
  const how = flags.length === 0 ? "it is committed" : "it is committed and file events are off";
  Deno.test(`a message reaches the client of its chat, and not the client of another chat, when ${how}`, async () => {
    await using scene = await Scene.open();
    await using program = scene.run(...flags);
    const ready = await readyOf(program);
    await state(ready, "live");
    const all = await follow(ready, "*");
    await scene.messages.createChat({ address: "+15550100003" });
    const topicOfThird = topicOf("+15550100003", await all.have(1, (each) => each.event === "chat.created"));
    const third = await follow(ready, topicOfThird);
    const jane = await follow(ready, `chat:1`);

    const first = await scene.fromJane("Dinner at eight?");
    const { guid: second } = await scene.messages.message({
      chat: "iMessage;-;+15550100003",
      from: "+15550100003",
      text: "Wrong door",
    });
    deepEqual(created(await all.have(2, isCreated)).map(({ guid }) => guid), [first, second]);
    deepEqual(created(await third.have(1, isEvent)), [{ guid: second, content: "Wrong door" }]);
    deepEqual(created(await jane.have(1, isEvent)), [{ guid: first, content: "Dinner at eight?" }]);
    // Answers stand behind all that was due: nothing else has come, or is on its way.
    for (const client of [third, jane]) {
      await client.ask({ type: "ping" }, "pong");
      equal(client.messages.filter(isEvent).length, 1);
    }
    await Promise.all([all.close(), third.close(), jane.close()]);
  });
}

Deno.test("a burst of 500 messages reaches the client whole, once and in order", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "chats");
  const commands = Array.from({ length: 500 }, (_, i) => ({
    do: "message",
    chat: i % 3 === 0 ? CHAT_OF_OMAR : CHAT_OF_JANE,
    from: i % 3 === 0 ? OMAR : JANE,
    text: `message ${i}`,
  }));
  const { results } = await scene.messages.batch(commands);
  await client.have(500, isCreated);
  await client.ask({ type: "ping" }, "pong");
  deepEqual(
    created(client.messages),
    results.map((result, i) => ({ guid: result["guid"], content: `message ${i}` })),
  );
  const numbers = seqs(client.messages);
  deepEqual(numbers, numbers.map((_, i) => (numbers[0] ?? 0) + i));
  await client.close();
});

Deno.test("every message arrives once when each checkpoint stands between two of them", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  const texts: string[] = [];
  for (const mode of ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] as const) {
    for (let i = 0; i < 5; i++) {
      const text = `${mode} ${i}`;
      texts.push(text);
      await scene.fromJane(text);
      await scene.messages.checkpoint(mode);
    }
  }
  await client.have(texts.length, isCreated);
  await client.ask({ type: "ping" }, "pong");
  deepEqual(created(client.messages).map(({ content }) => content), texts);
  await client.close();
});

Deno.test("a message waits while another process locks our database, the server answers on, and it comes after", async () => {
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  using other = openDatabase(scene.database);
  other.exec("BEGIN IMMEDIATE");
  const guid = await scene.fromJane("held up");
  const synced = fetch(`${ready.url}/api/v1/sync`, {
    method: "POST",
    headers: { authorization: `Bearer ${ready.token}` },
  });
  for (let i = 0; i < 20; i++) {
    const askedAt = performance.now();
    equal((await healthOf(ready)).state, "live");
    ok(performance.now() - askedAt < 1_000);
  }
  equal(created(client.messages).length, 0);
  other.exec("ROLLBACK");
  equal((await synced).status, 200);
  await (await synced).body?.cancel();
  deepEqual(created(await client.have(1, isCreated)), [{ guid, content: "held up" }]);
  await client.close();
});

Deno.test("no word of a message stands in the log when it tells everything", async () => {
  await using scene = await Scene.open();
  const secret = "xylophone-quarterly";
  await scene.fromJane(`${secret} before`);
  const program = scene.run("--log-level", "debug");
  await using _program = program;
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");
  const guid = await scene.fromJane(`${secret} live`);
  // A pass that came late would bring the message in as it is after all of this.
  await client.have(1, isCreated);
  await scene.messages.edit({ guid, text: `${secret} edited` });
  await scene.messages.tapback({ target: guid, kind: "emoji", emoji: "🦩", from: JANE });
  await scene.messages.change({
    guid,
    columns: { attributedBody: new TextEncoder().encode(secret), text: null },
  });
  await client.have(1, (each) => each.event === "reaction.added");
  await client.have(1, (each) => each.event === "message.updated");
  await client.close();
  program.signal("SIGTERM");
  const { stdout, stderr } = await program.ended();
  ok(stdout.includes(secret), "the word came to the parent");
  ok(stderr.includes('"debug"'), "the log told everything");
  for (const word of [secret, "🦩", JANE, ready.token]) ok(!stderr.includes(word), word);
});
