import assert from "node:assert/strict";
import { WEBSOCKET_LIMITS } from "../../src/notify/websocket.ts";
import { silentSocket } from "./support/raw_http.ts";
import { startServer, TOKEN } from "./support/server.ts";
import { isEvent, SocketClient } from "./support/socket_client.ts";
import { range, seqs, within } from "./support/wire.ts";

const withToken = (url: string) => `${url}?token=${TOKEN}`;

Deno.test("/ws opens when the token stands beside the subprotocol, and answers chatstats.v1", async () => {
  await using server = startServer();
  const client = await SocketClient.connect(server.http.ws, ["chatstats.v1", `token.${TOKEN}`]);
  assert.equal(client.protocol, "chatstats.v1");
  assert.deepEqual(await client.ask({ type: "ping" }, "pong"), { type: "pong" });
  await client.close();
});

Deno.test("/ws delivers replay and live events in order when after is given", async () => {
  await using server = startServer();
  server.store.commitMany(20);
  const client = await SocketClient.connect(withToken(server.http.ws));
  const subscribed = await client.ask(
    { type: "subscribe", topics: ["*"], after: 10, feed: server.store.feed },
    "subscribed",
  );
  assert.deepEqual(subscribed, { type: "subscribed", topics: ["*"], seq: 20, feed: server.store.feed });
  server.feed.committed(server.store.commitMany(5));
  await client.have(15, isEvent);
  assert.deepEqual(seqs(client.messages), range(11, 25));
  assert.equal(server.feed.clients, 1);
  await client.close();
});

Deno.test("/ws replays 50,000 events without closing when the client reads", async () => {
  await using server = startServer();
  server.store.commitMany(50_000, 200);
  const client = await SocketClient.connect(withToken(server.http.ws));
  client.send({ type: "subscribe", topics: ["contacts"], after: 0 });
  await client.have(50_000, isEvent);
  assert.deepEqual(seqs(client.messages), range(1, 50_000));
  await client.close();
});

Deno.test("/ws sends one commit of 10,000 events without closing when the client reads", async () => {
  await using server = startServer();
  const client = await SocketClient.connect(withToken(server.http.ws));
  await client.ask({ type: "subscribe", topics: ["contacts"] }, "subscribed");
  server.feed.committed(server.store.commitMany(10_000, 500));
  await client.have(10_000, isEvent);
  assert.deepEqual(seqs(client.messages), range(1, 10_000));
  await client.close();
});

Deno.test("/ws closes a client with 1013 when it never reads, and others go on", async () => {
  const limits = { ...WEBSOCKET_LIMITS, stallMs: 150 };
  await using server = startServer({}, { webSocketLimits: limits });
  const reader = await SocketClient.connect(withToken(server.http.ws));
  await reader.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
  using silent = await silentSocket(server.http.port, TOKEN, { type: "subscribe", topics: ["*"] });
  assert.equal(server.feed.clients, 2);
  let sent = 0;
  // Each reader's answer gives the event loop its turns; the kernel takes some MB before anything is unsent.
  while (server.feed.clients === 2 && sent < 60_000) {
    server.feed.committed(server.store.commitMany(200, 1_000));
    sent += 200;
    await reader.have(sent, isEvent);
    await reader.ask({ type: "ping" }, "pong");
  }
  assert.equal(server.feed.clients, 1, "the silent one has left the feed");
  server.feed.committed(server.store.commitMany(1));
  await reader.have(sent + 1, isEvent);
  assert.deepEqual(seqs(reader.messages), range(1, sent + 1));
  assert.equal(await within(lastCloseCode(silent), "the close frame"), 1013);
  await reader.close();
});

/** Reads all that was sent and gives the code of the close frame, which is the last one. */
async function lastCloseCode(connection: Deno.TcpConn): Promise<number | null> {
  let tail = new Uint8Array();
  const buffer = new Uint8Array(1 << 16);
  while (true) {
    const count = await connection.read(buffer);
    if (count === null) return null;
    tail = Uint8Array.from([...tail.slice(-200), ...buffer.subarray(Math.max(0, count - 200), count)]);
    // A close frame: 0x88, its length, the code in two bytes, a reason of plain text to the end.
    for (let at = 0; at + 3 < tail.length; at++) {
      const [first, length, high, low] = tail.subarray(at, at + 4);
      if (first === 0x88 && length === tail.length - at - 2 && high !== undefined && low !== undefined) {
        return high * 256 + low;
      }
    }
  }
}

Deno.test("/ws closes with 1009 when a message is longer than 64 KiB", async () => {
  await using server = startServer();
  for (const data of ["x".repeat(65_537), "é".repeat(32_769), new Uint8Array(65_537)]) {
    const client = await SocketClient.connect(withToken(server.http.ws));
    client.raw(data);
    assert.equal((await within(client.closed, "1009")).code, 1009);
  }
});

Deno.test("/ws answers and stays open when a message is garbage, binary, or just 64 KiB long", async () => {
  await using server = startServer();
  const client = await SocketClient.connect(withToken(server.http.ws));
  client.raw("x".repeat(65_536));
  client.raw(new Uint8Array([1, 2, 3]));
  client.raw("\u0000\u{1F600}");
  const errors = await client.have(3, (message) => message.type === "error");
  assert.deepEqual(errors.map((error) => error.code), ["bad_json", "bad_json", "bad_json"]);
  assert.deepEqual(await client.ask({ type: "ping" }, "pong"), { type: "pong" });
  await client.close();
});

Deno.test("/ws takes the client out of the feed when it closes", async () => {
  await using server = startServer();
  const client = await SocketClient.connect(withToken(server.http.ws));
  await client.ask({ type: "ping" }, "pong");
  await client.close();
  const other = await SocketClient.connect(withToken(server.http.ws));
  await other.ask({ type: "ping" }, "pong");
  assert.equal(server.feed.clients, 1);
  await other.close();
});

Deno.test("close() of the feed closes every WebSocket with 1001 after what was sent", async () => {
  const server = startServer();
  const clients = await Promise.all([1, 2, 3].map(() => SocketClient.connect(withToken(server.http.ws))));
  for (const client of clients) await client.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
  server.feed.committed(server.store.commitMany(50));
  await within(server.feed.close(), "the feed to close");
  await within(server.http.close(), "the server to close");
  for (const client of clients) {
    assert.equal((await client.closed).code, 1001);
    assert.equal(seqs(client.messages).length, 50);
  }
  assert.equal(server.feed.clients, 0);
});
