/** WebSocket clients that mean harm or are broken, over real sockets. */
import assert from "node:assert/strict";
import { WEBSOCKET_LIMITS } from "../../src/notify/websocket.ts";
import { until } from "../support/until.ts";
import {
  frame,
  OPCODE,
  rawRequest,
  rawSocket,
  readToEnd,
  silentSocket,
  writeAll,
} from "./support/raw_http.ts";
import { startServer, TOKEN } from "./support/server.ts";
import { isEvent, SocketClient } from "./support/socket_client.ts";
import { range, seqs, within } from "./support/wire.ts";

const encoder = new TextEncoder();
const text = (value: string) => encoder.encode(value);
const withToken = (url: string) => `${url}?token=${TOKEN}`;

const BROKEN_FRAMES: readonly (readonly [string, Uint8Array])[] = [
  ["a reserved bit is set", frame(OPCODE.TEXT, text("{}"), 0xc0)],
  ["the opcode is unknown", frame(3, text("{}"))],
  ["the text is not UTF-8", frame(OPCODE.TEXT, Uint8Array.of(0xff, 0xfe))],
  ["a continuation comes first", frame(OPCODE.CONTINUATION, text("{}"))],
  ["a ping is fragmented", frame(OPCODE.PING, text("x"), 0)],
  ["a ping is longer than 125 bytes", frame(OPCODE.PING, new Uint8Array(200))],
  ["a close has half a code", frame(OPCODE.CLOSE, Uint8Array.of(3))],
  ["a frame claims 2^62 bytes", Uint8Array.of(0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["the bytes are no frames", new Uint8Array(3_000).fill(0xab)],
];
for (const [why, bytes] of BROKEN_FRAMES) {
  Deno.test(`/ws ends that connection alone when ${why}`, async () => {
    await using server = startServer();
    const other = await SocketClient.connect(withToken(server.http.ws));
    await other.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
    using rude = await rawSocket(server.http.port, TOKEN);
    await until(() => server.feed.clients === 2, "both to join");
    await writeAll(rude, bytes);
    await within(readToEnd(rude), "the end of the connection");
    await until(() => server.feed.clients === 1, "the rude one to leave the feed");
    server.feed.committed(server.store.commitMany(1));
    await other.have(1, isEvent);
    await other.close();
  });
}

const ODD_MESSAGES: readonly (readonly [string, string, string])[] = [
  ["is 64 KiB of brackets", "[".repeat(65_536), "bad_json"],
  ["nests 30,000 lists", `{"type":"ping","x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, "pong"],
  ["has a position that nests", `{"type":"subscribe","topics":[],"after":[[[[1]]]]}`, "bad_message"],
  ["has an infinite position", `{"type":"subscribe","topics":["*"],"after":1e999}`, "bad_message"],
  ["has NaN as its position", `{"type":"subscribe","topics":["*"],"after":NaN}`, "bad_json"],
  ["has 2^53 as its position", `{"type":"subscribe","topics":["*"],"after":9007199254740992}`, "bad_message"],
  ["has null as its position", `{"type":"subscribe","topics":["*"],"after":null}`, "bad_message"],
  ["brings its type by __proto__", `{"__proto__":{"type":"ping"}}`, "bad_message"],
  ["has the type __proto__", `{"type":"__proto__"}`, "unknown_type"],
  ["has the topic __proto__", `{"type":"subscribe","topics":["__proto__"]}`, "unknown_topic"],
  ["has a list that is none", `{"type":"subscribe","topics":{"length":1,"0":"*"}}`, "bad_message"],
];
for (const [why, message, expected] of ODD_MESSAGES) {
  Deno.test(`/ws answers ${expected} and stays open when a message ${why}`, async () => {
    await using server = startServer();
    const client = await SocketClient.connect(withToken(server.http.ws));
    client.raw(message);
    const [answer] = await client.have(1, () => true);
    assert.equal(answer?.code ?? answer?.type, expected);
    assert.equal((await client.ask({ type: "subscribe", topics: ["*"] }, "subscribed")).seq, 0);
    await client.close();
  });
}

Deno.test("/ws measures a message in bytes over all its frames when it comes in fragments", async () => {
  await using server = startServer();
  const half = text("é".repeat(16_384));
  using fits = await rawSocket(server.http.port, TOKEN);
  await writeAll(fits, frame(OPCODE.TEXT, half, 0));
  await writeAll(fits, frame(OPCODE.CONTINUATION, half));
  const buffer = new Uint8Array(1_000);
  const count = await within(fits.read(buffer), "an answer") ?? 0;
  assert.match(new TextDecoder().decode(buffer.subarray(0, count)), /bad_json/, "exactly 64 KiB is read");
  using over = await rawSocket(server.http.port, TOKEN);
  await writeAll(over, frame(OPCODE.TEXT, half, 0));
  await writeAll(over, frame(OPCODE.CONTINUATION, half, 0));
  await writeAll(over, frame(OPCODE.CONTINUATION, text("!")));
  await within(over.read(buffer), "a close frame");
  assert.deepEqual([buffer[0], (buffer[2] ?? 0) * 256 + (buffer[3] ?? 0)], [0x88, 1009]);
});

Deno.test("/ws cuts a client that never reads again, so that its place is free, when its time is over", async () => {
  const webSocketLimits = { ...WEBSOCKET_LIMITS, stallMs: 50, cutMs: 100 };
  await using server = startServer({}, { webSocketLimits, maxSockets: 1 });
  server.store.commitMany(20_000, 1_000);
  using silent = await silentSocket(server.http.port, TOKEN, { type: "subscribe", topics: ["*"], after: 0 });
  await until(() => server.feed.clients === 1, "the client to join");
  await assert.rejects(SocketClient.connect(withToken(server.http.ws)), /refused/);
  const client = await connectAtLast(server.http.ws);
  const tail = await within(readToEnd(silent), "the end of the connection");
  assert.ok(
    !new TextDecoder().decode(tail).includes("not reading"),
    "the close frame stood behind the backlog",
  );
  await assert.rejects(
    SocketClient.connect(withToken(server.http.ws)),
    /refused/,
    "one place came free, not two",
  );
  // It can come back for what it missed.
  client.send({ type: "subscribe", topics: ["*"], after: 19_990 });
  await client.have(10, isEvent);
  await client.close();
  const again = await connectAtLast(server.http.ws);
  await assert.rejects(SocketClient.connect(withToken(server.http.ws)), /refused/, "still one place");
  await again.close();
});

/** Tries until the server has a place. */
async function connectAtLast(url: string): Promise<SocketClient> {
  let client: SocketClient | null = null;
  await until(async () => {
    client = await SocketClient.connect(withToken(url)).catch(() => null);
    return client !== null;
  }, "a place");
  return client ?? assert.fail();
}

Deno.test("/ws refuses with 503 when all places are taken, and counts them right when clients vanish", async () => {
  await using server = startServer({}, { maxSockets: 3 });
  const clients = await Promise.all(range(1, 3).map(() => SocketClient.connect(withToken(server.http.ws))));
  const refused = await rawRequest(server.http.port, [
    `GET /ws?token=${TOKEN} HTTP/1.1`,
    "Host: localhost",
    "Upgrade: websocket",
  ]);
  assert.equal(refused.status, 503);
  assert.match(refused.text, /too_many_clients/);
  await assert.rejects(SocketClient.connect(withToken(server.http.ws)), /refused/);
  for (const client of clients) await client.close();
  for (let round = 0; round < 5; round++) {
    const vanishing = await silentSocket(server.http.port, TOKEN, { type: "ping" });
    vanishing.close();
  }
  const full: SocketClient[] = [];
  for (let place = 0; place < 3; place++) full.push(await connectAtLast(server.http.ws));
  await assert.rejects(SocketClient.connect(withToken(server.http.ws)), /refused/);
  for (const client of full) await client.close();
  await until(() => server.feed.clients === 0, "all to leave");
});

Deno.test("/ws closes with 1008 when a client sends more than it may", async () => {
  const webSocketLimits = { ...WEBSOCKET_LIMITS, messages: { burst: 20, perSecond: 0 } };
  await using server = startServer({}, { webSocketLimits });
  const client = await SocketClient.connect(withToken(server.http.ws));
  for (let i = 0; i < 21; i++) client.send({ type: "ping" });
  assert.equal((await within(client.closed, "1008")).code, 1008);
  assert.equal(client.messages.length, 20);
});

Deno.test("/ws ends a client that sends without reading or listening when too many answers wait", async () => {
  // Not the number of its messages ends it here, but the answers that it does not read.
  const webSocketLimits = { ...WEBSOCKET_LIMITS, messages: { burst: Infinity, perSecond: 0 }, cutMs: 200 };
  await using server = startServer({}, { webSocketLimits });
  using rude = await rawSocket(server.http.port, TOKEN);
  const pings = new Uint8Array(1_000 * 21);
  const one = frame(OPCODE.TEXT, text('{"type":"ping"}'));
  for (let i = 0; i < 1_000; i++) pings.set(one, i * one.length);
  const flood = async () => {
    while (true) await rude.write(pings);
  };
  await assert.rejects(
    within(flood(), "the cut", 9_000),
    (error) => !(error instanceof assert.AssertionError),
  );
  await until(() => server.feed.clients === 0, "it to leave");
});

Deno.test("/ws answers every subscription, and others go on, when a client floods it with topics", async () => {
  await using server = startServer();
  const other = await SocketClient.connect(withToken(server.http.ws));
  await other.ask({ type: "subscribe", topics: ["contacts"] }, "subscribed");
  const flooder = await SocketClient.connect(withToken(server.http.ws));
  const topics = [...range(1, 990), ...range(1, 990), ...range(1, 990)].map((id) => `chat:${id}`);
  for (let i = 0; i < 200; i++) flooder.send({ type: "subscribe", topics, after: 0 });
  server.feed.committed(server.store.commitMany(50));
  await other.have(50, isEvent);
  const answers = await flooder.have(200, (message) => message.type === "subscribed");
  assert.equal(answers[199]?.topics?.length, 990, "each topic once");
  assert.equal(
    (await flooder.ask({ type: "subscribe", topics: range(1, 11).map((id) => `contact:${id}`) }, "error"))
      .code,
    "too_many_topics",
  );
  await flooder.close();
  await other.close();
});

Deno.test("/ws gives live events while forty clients replay everything", async () => {
  await using server = startServer();
  server.store.commitMany(3_000, 300);
  const live = await SocketClient.connect(withToken(server.http.ws));
  await live.ask({ type: "subscribe", topics: ["contacts"] }, "subscribed");
  const greedy = await Promise.all(range(1, 40).map(() => SocketClient.connect(withToken(server.http.ws))));
  for (const client of greedy) client.send({ type: "subscribe", topics: ["*"], after: 0 });
  await greedy[0]?.have(1, isEvent);
  server.feed.committed(server.store.commitMany(1));
  await live.have(1, isEvent);
  const caughtUp = greedy.filter((client) => seqs(client.messages).length >= 3_000).length;
  assert.ok(caughtUp < 40, "it did not have to wait for the replays");
  for (const client of greedy) {
    await client.have(3_001, isEvent);
    assert.deepEqual(seqs(client.messages), range(1, 3_001));
    await client.close();
  }
  await live.close();
});
