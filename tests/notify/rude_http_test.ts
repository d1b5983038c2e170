/** Requests that mean harm or are broken, by hand over real sockets. */
import assert from "node:assert/strict";
import type { Log } from "../../src/platform/log.ts";
import { silentLog } from "../../src/platform/log.ts";
import { until } from "../support/until.ts";
import { writeAll } from "./support/raw_http.ts";
import { startServer, TOKEN } from "./support/server.ts";
import { SocketClient } from "./support/socket_client.ts";
import { spawnServer } from "./support/spawned_server.ts";
import { range, within } from "./support/wire.ts";

const encoder = new TextEncoder();
const BEARER = `Authorization: Bearer ${TOKEN}`;

/** Sends it as it stands; gives the status of the answer, 0 for bytes that are no HTTP/1 answer. */
async function statusOf(port: number, request: string | Uint8Array): Promise<number> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = typeof request === "string" ? encoder.encode(request) : request;
  // A server that refuses may stop reading before all is sent.
  const writing = writeAll(connection, bytes).catch(() => {});
  const buffer = new Uint8Array(64);
  const count = await within(connection.read(buffer), "an answer");
  connection.close();
  await writing;
  const answer = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
}

const head = (...lines: string[]) => [...lines, "", ""].join("\r\n");

const REQUESTS: readonly (readonly [string, number, (port: number) => string | Uint8Array])[] = [
  ["it is no HTTP", 400, () => new Uint8Array(500).fill(0xab)],
  ["it is the start of TLS", 400, () => Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)],
  ["its path is 1 MB long", 400, () => head(`GET /${"a".repeat(1e6)} HTTP/1.1`, "Host: localhost")],
  ["a header is 1 MB long", 400, () => head("GET / HTTP/1.1", "Host: localhost", `X: ${"a".repeat(1e6)}`)],
  [
    "it has 5,000 headers",
    400,
    () => head("GET / HTTP/1.1", "Host: localhost", ...Array(5_000).fill("X: 1")),
  ],
  [
    "it has two Hosts, ours first",
    400,
    () => head("GET /health HTTP/1.1", "Host: localhost", "Host: evil.example"),
  ],
  [
    "it has two Hosts, ours last",
    400,
    () => head("GET /health HTTP/1.1", "Host: evil.example", "Host: localhost"),
  ],
  ["Host hides ours in a list", 403, () => head("GET /health HTTP/1.1", "Host: localhost,evil.example")],
  ["Host ends in a dot", 403, () => head("GET /health HTTP/1.1", "Host: localhost.")],
  ["Host has a user", 403, () => head("GET /health HTTP/1.1", "Host: 127.0.0.1:80@evil.example")],
  ["Host is ours in short", 403, () => head("GET /health HTTP/1.1", "Host: 127.1")],
  ["Host is ours as a number", 403, () => head("GET /health HTTP/1.1", "Host: 2130706433")],
  ["Host begins with ours", 403, () => head("GET /health HTTP/1.1", "Host: 127.0.0.1.evil.com")],
  ["Host has capitals", 200, () => head("GET /health HTTP/1.1", "Host: LOCALHOST")],
  ["Host is [::1] with the port", 200, (port) => head("GET /health HTTP/1.1", `Host: [::1]:${port}`)],
  [
    "its line names our address",
    200,
    (port) => head(`GET http://localhost:${port}/health HTTP/1.1`, "Host: localhost"),
  ],
  [
    "its line names ours, Host another",
    403,
    () => head("GET http://localhost/health HTTP/1.1", "Host: evil.example"),
  ],
  [
    "its line names another, Host ours",
    403,
    () => head("GET http://evil.example/health HTTP/1.1", "Host: localhost"),
  ],
  ["it is HTTP/1.0 without Host", 403, () => head("GET /health HTTP/1.0")],
  ["it asks for a tunnel", 403, () => head("CONNECT evil.example:443 HTTP/1.1", "Host: localhost")],
  [
    "its path begins with two slashes",
    404,
    () => head("GET //evil.example/api/v1/status HTTP/1.1", "Host: localhost"),
  ],
  [
    "its path goes up and down to the API",
    401,
    () => head("GET /x/../api/v1/status HTTP/1.1", "Host: localhost"),
  ],
  ["its path is encoded", 404, () => head("GET /%61pi/v1/status HTTP/1.1", "Host: localhost")],
  [
    "it has two Origins, ours first",
    403,
    (port) =>
      head(
        "GET /health HTTP/1.1",
        "Host: localhost",
        `Origin: http://localhost:${port}`,
        "Origin: http://evil.example",
      ),
  ],
  [
    "it has two tokens, the right one first",
    401,
    () => head("GET /api/v1/status HTTP/1.1", "Host: localhost", BEARER, "Authorization: Bearer no"),
  ],
  [
    "its token stands in the query",
    401,
    () => head(`GET /api/v1/status?token=${TOKEN} HTTP/1.1`, "Host: localhost"),
  ],
  [
    "it has a length and chunks",
    400,
    () =>
      head(
        "POST /api/v1/sync HTTP/1.1",
        "Host: localhost",
        BEARER,
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
      ),
  ],
  [
    "its length is negative",
    400,
    () => head("POST /api/v1/sync HTTP/1.1", "Host: localhost", BEARER, "Content-Length: -5"),
  ],
  [
    "it announces 100 GB",
    413,
    () => head("POST /api/v1/sync HTTP/1.1", "Host: localhost", BEARER, "Content-Length: 99999999999"),
  ],
  [
    "it opens a WebSocket without a key",
    400,
    () =>
      head(`GET /ws?token=${TOKEN} HTTP/1.1`, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"),
  ],
];
Deno.test("the server answers a rude request with what it deserves, and the next one as ever", async (test) => {
  await using server = startServer();
  for (const [why, status, request] of REQUESTS) {
    await test.step(`${status} when ${why}`, async () => {
      assert.equal(await statusOf(server.http.port, request(server.http.port)), status);
      assert.equal(await statusOf(server.http.port, head("GET /health HTTP/1.1", "Host: localhost")), 200);
    });
  }
});

Deno.test("POST /api/v1/sync answers 408 when the body does not come to its end", async () => {
  let passes = 0;
  const sync = () => Promise.reject(new Error(`pass ${++passes}`));
  await using server = startServer({ sync }, { bodyMs: 50 });
  const lines = ["POST /api/v1/sync HTTP/1.1", "Host: localhost", BEARER, "Content-Length: 10"];
  assert.equal(await statusOf(server.http.port, head(...lines) + "12345"), 408);
  assert.equal(passes, 0);
});

Deno.test("POST /api/v1/sync does nothing and logs no failure when the client goes in the middle of the body", async () => {
  const heard: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (message) => heard.push(message),
    warning: (message) => heard.push(message),
  };
  await using server = startServer({ sync: () => Promise.reject(new Error("not asked for")) }, { log });
  for (const _ of range(1, 5)) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.http.port });
    const lines = ["POST /api/v1/sync HTTP/1.1", "Host: localhost", BEARER, "Content-Length: 10"];
    await writeAll(connection, encoder.encode(head(...lines) + "12345"));
  }
  // The server meets the five ends before it answers what came after them.
  for (const _ of range(1, 5)) {
    assert.equal(await statusOf(server.http.port, head("GET /health HTTP/1.1", "Host: localhost")), 200);
  }
  assert.deepEqual(heard, []);
});

Deno.test("the server goes on answering when fifty connections stay half open", async () => {
  await using server = startServer();
  const beginnings = [
    "",
    "GET /hea",
    "GET /health HTTP/1.1\r\nHost: localhost\r\n",
    "POST /api/v1/sync HTTP/1.1\r\n",
  ];
  const halfOpen = await Promise.all(
    range(0, 49).map(async (i) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.http.port });
      await writeAll(connection, encoder.encode(beginnings[i % beginnings.length] ?? ""));
      return connection;
    }),
  );
  assert.equal(await statusOf(server.http.port, head("GET /health HTTP/1.1", "Host: localhost")), 200);
  const client = await SocketClient.connect(`${server.http.ws}?token=${TOKEN}`);
  await client.ask({ type: "ping" }, "pong");
  await client.close();
  for (const connection of halfOpen) connection.close();
});

Deno.test("the server lives, and listens again, when somebody took all file descriptors", async () => {
  await using server = await spawnServer({ descriptors: 64 });
  const taken: Deno.TcpConn[] = [];
  try {
    // Refused from where the server has none left.
    for (let i = 0; i < 100; i++) {
      taken.push(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
    }
  } catch (error) {
    // Cut at once after it was made, it has no other end to be asked for: NotConnected.
    assert.match(String(error), /^(?:ConnectionRefused|ConnectionReset|ConnectionAborted|NotConnected):/);
  }
  for (const connection of taken) connection.close();
  await until(async () => (await server.get("/health").catch(() => null))?.status === 200, "an answer");
  assert.ok(server.isAlive());
});
