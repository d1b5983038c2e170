/** Each case of `resync` over a real socket: it comes once, and live events go on with none missing or doubled. */
import assert from "node:assert/strict";
import { WEBSOCKET_LIMITS } from "../../src/notify/websocket.ts";
import { startServer, type TestServer, TOKEN } from "./support/server.ts";
import { SocketClient } from "./support/socket_client.ts";
import { range, seqs } from "./support/wire.ts";

const CASES: readonly (readonly [string, (server: TestServer, client: SocketClient) => Promise<unknown>])[] =
  [
    ["after is older than what is kept", (server, client) => {
      server.store.trim(50);
      return client.ask({ type: "subscribe", topics: ["*"], after: 48 }, "subscribed");
    }],
    [
      "after is greater than seq",
      (_server, client) => client.ask({ type: "subscribe", topics: ["*"], after: 101 }, "subscribed"),
    ],
    [
      "the feed is another",
      (_server, client) =>
        client.ask({ type: "subscribe", topics: ["*"], after: 100, feed: "another" }, "subscribed"),
    ],
    ["the first import ends", async (server, client) => {
      await client.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
      server.feed.resyncAll();
    }],
    ["a catch-up was too big to tell", async (server, client) => {
      await client.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
      // As Outbox.breakFeed() does: one number is spent, and nothing up to it can be replayed.
      server.store.commitMany(1);
      server.store.trim(102);
      server.feed.committed();
    }],
  ];
for (const [why, provoke] of CASES) {
  Deno.test(`/ws sends resync once, and every later event once, when ${why}`, async () => {
    await using server = startServer();
    server.store.commitMany(100);
    const client = await SocketClient.connect(`${server.http.ws}?token=${TOKEN}`);
    await provoke(server, client);
    const [resync] = await client.have(1, (message) => message.type === "resync");
    const from = resync?.seq ?? -1;
    assert.equal(from, server.store.position().seq);
    server.feed.committed(server.store.commitMany(20));
    await client.have(20, (message) => message.type === "event");
    await client.ask({ type: "ping" }, "pong");
    assert.deepEqual(seqs(client.messages), range(from + 1, from + 20));
    assert.equal(client.messages.filter((message) => message.type === "resync").length, 1);
    await client.close();
  });
}

Deno.test("/ws sends resync once when what a slow client had not taken is no longer kept", async () => {
  // Nothing counts as stalled here; the client's window is full after the first batch.
  const webSocketLimits = { ...WEBSOCKET_LIMITS, highWater: 1, lowWater: 0 };
  await using server = startServer({}, { webSocketLimits });
  server.store.commitMany(2_000, 2_000);
  const client = await SocketClient.connect(`${server.http.ws}?token=${TOKEN}`);
  client.send({ type: "subscribe", topics: ["*"], after: 0 });
  await client.have(1, (message) => message.type === "event");
  server.store.trim(2_000);
  const [resync] = await client.have(1, (message) => message.type === "resync");
  assert.equal(resync?.seq, 2_000);
  server.feed.committed(server.store.commitMany(3));
  await client.have(1, (message) => message.seq === 2_003);
  const heard = seqs(client.messages);
  const before = heard.filter((seq) => seq <= 2_000);
  assert.ok(before.length < 2_000);
  assert.deepEqual(heard, [...range(1, before.length), 2_001, 2_002, 2_003]);
  assert.equal(client.messages.filter((message) => message.type === "resync").length, 1);
  await client.close();
});
