import assert from "node:assert/strict";
import * as v from "valibot";
import { LiveSyncError } from "../../src/model/errors.ts";
import { rawRequest } from "./support/raw_http.ts";
import { HEALTH, startServer, SUMMARY, type TestServer, TOKEN } from "./support/server.ts";
import { STATUS } from "../support/status.ts";

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const FailureBody = v.strictObject({
  error: v.strictObject({ code: v.string(), message: v.string(), hint: v.string() }),
});

async function failureCode(response: Response): Promise<string> {
  assert.equal(response.headers.get("content-type"), "application/json; charset=utf-8");
  return v.parse(FailureBody, await response.json()).error.code;
}

function ask(server: TestServer, method: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.http.url + path, { method, ...init });
}

Deno.test("/health answers without a token", async () => {
  await using server = startServer();
  const response = await ask(server, "GET", "/health");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(await response.json(), HEALTH);
});

Deno.test("/api/v1/status and /api/v1/sync answer what their ports give when the token is right", async () => {
  await using server = startServer();
  const status = await ask(server, "GET", "/api/v1/status", { headers: AUTHORIZED });
  assert.deepEqual([status.status, await status.json()], [200, STATUS]);
  const sync = await ask(server, "POST", "/api/v1/sync", { headers: AUTHORIZED, body: "{}" });
  assert.deepEqual([sync.status, await sync.json()], [200, SUMMARY]);
});

const ROUTES: readonly (readonly [string, string, number, string])[] = [
  ["GET", "/api/v1/nothing", 404, "not_found"],
  ["GET", "/api", 404, "not_found"],
  ["GET", "/nothing", 404, "not_found"],
  ["GET", "/../etc/passwd", 404, "not_found"],
  ["OPTIONS", "/nothing", 404, "not_found"],
  ["POST", "/api/v1/status", 405, "method_not_allowed"],
  ["GET", "/api/v1/sync", 405, "method_not_allowed"],
  ["DELETE", "/api/v1/contacts/3/name", 405, "method_not_allowed"],
  ["POST", "/", 405, "method_not_allowed"],
  ["POST", "/health", 405, "method_not_allowed"],
  ["GET", "/ws", 426, "upgrade_required"],
  ["POST", "/ws", 405, "method_not_allowed"],
];
for (const [method, path, status, code] of ROUTES) {
  Deno.test(`${method} ${path} answers ${status} when the token is right`, async () => {
    await using server = startServer();
    const response = await ask(server, method, path, { headers: AUTHORIZED });
    assert.equal(response.status, status);
    assert.equal(response.headers.has("allow"), status === 405);
    assert.equal(await failureCode(response), code);
  });
}

const WRONG_TOKENS: readonly (readonly [string, string, Record<string, string>])[] = [
  ["there is none", "/api/v1/status", {}],
  ["it is wrong", "/api/v1/status", { authorization: "Bearer no" }],
  ["it is the right one's beginning", "/api/v1/status", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ["the scheme is another", "/api/v1/status", { authorization: `Basic ${TOKEN}` }],
  ["it stands in the query of another path", `/api/v1/status?token=${TOKEN}`, {}],
  ["the path is unknown", "/api/v1/nothing", {}],
  ["the method is wrong", "/api/v1/sync", {}],
  ["the socket has none", "/ws", {}],
  ["the socket has a wrong one", "/ws?token=no", {}],
  ["the subprotocol stands alone", "/ws", { "sec-websocket-protocol": `token.${TOKEN}` }],
];
for (const [why, path, headers] of WRONG_TOKENS) {
  Deno.test(`the server answers 401 without repeating the token when ${why}`, async () => {
    await using server = startServer();
    const response = await ask(server, "GET", path, { headers });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), "Bearer");
    const body = await response.text();
    assert.ok(!body.includes(TOKEN));
    assert.equal(v.parse(FailureBody, JSON.parse(body)).error.code, "unauthorized");
  });
}

const HOSTS: readonly (readonly [string | null, number])[] = [
  ["127.0.0.1", 200],
  ["localhost", 200],
  ["LocalHost:1", 200],
  ["[::1]:99", 200],
  ["[::1]", 200],
  ["evil.example", 403],
  ["localhost.evil.example", 403],
  ["127.0.0.1.evil.example:80", 403],
  ["0.0.0.0", 403],
  ["evil host", 403],
  ["", 403],
  [null, 403],
];
for (const [host, status] of HOSTS) {
  Deno.test(`the server answers ${status} when Host is ${host ?? "missing"}`, async () => {
    await using server = startServer();
    const lines = ["GET /health HTTP/1.1", ...(host === null ? [] : [`Host: ${host}`])];
    assert.equal((await rawRequest(server.http.port, lines)).status, status);
  });
}

Deno.test("the server answers 403 when the request line names another host", async () => {
  await using server = startServer();
  const lines = ["GET http://evil.example/health HTTP/1.1", "Host: localhost"];
  assert.equal((await rawRequest(server.http.port, lines)).status, 403);
});

const ORIGINS: readonly (readonly [string, (port: number) => string, boolean])[] = [
  ["its own", (port) => `http://127.0.0.1:${port}`, true],
  ["its own by name", (port) => `http://localhost:${port}`, true],
  ["its own on IPv6", (port) => `http://[::1]:${port}`, true],
  ["an allowed one", () => "app://chatstats", true],
  ["another port of this machine", (port) => `http://localhost:${port + 1}`, false],
  ["its own over https", (port) => `https://localhost:${port}`, false],
  ["an allowed one with a path", () => "app://chatstats/", false],
  ["null", () => "null", false],
  ["file://", () => "file://", false],
];
for (const [name, origin, isAllowed] of ORIGINS) {
  Deno.test(`the server ${isAllowed ? "answers with CORS" : "refuses"} when the Origin is ${name}`, async () => {
    await using server = startServer({}, { allowOrigins: ["app://chatstats"] });
    const value = origin(server.http.port);
    const lines = [`Host: 127.0.0.1`, `Origin: ${value}`];
    const plain = await rawRequest(server.http.port, ["GET /api/v1/status HTTP/1.1", ...lines]);
    assert.equal(plain.status, isAllowed ? 401 : 403, "the Origin is looked at before the token");
    const preflight = await rawRequest(server.http.port, [
      "OPTIONS /api/v1/status HTTP/1.1",
      ...lines,
      "Access-Control-Request-Method: GET",
      "Access-Control-Request-Headers: authorization",
    ]);
    assert.equal(preflight.status, isAllowed ? 204 : 403);
    const allows = preflight.text.toLowerCase().includes(`access-control-allow-origin: ${value}\r\n`);
    assert.equal(allows, isAllowed);
  });
}

Deno.test("null and file:// are answered when they are allowed by name", async () => {
  await using server = startServer({}, { allowOrigins: ["null", "file://"] });
  for (const origin of ["null", "file://"]) {
    const response = await ask(server, "GET", "/health", { headers: { origin } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), origin);
    assert.equal(response.headers.get("vary"), "Origin");
    await response.body?.cancel();
  }
});

Deno.test("POST /api/v1/sync answers 413 when the body is longer than 64 KiB", async () => {
  await using server = startServer();
  const body = "x".repeat(65_537);
  const known = await ask(server, "POST", "/api/v1/sync", { headers: AUTHORIZED, body });
  assert.deepEqual([known.status, await failureCode(known)], [413, "body_too_large"]);
  const streamed = await ask(server, "POST", "/api/v1/sync", {
    headers: AUTHORIZED,
    body: new Blob([body]).stream(),
  });
  assert.deepEqual([streamed.status, await failureCode(streamed)], [413, "body_too_large"]);
});

Deno.test("the server answers without a stack trace or foreign words when a port throws", async () => {
  const failures = [new LiveSyncError("needs_permission", "Cannot read", "Allow it"), new Error("secret")];
  await using server = startServer({ sync: () => Promise.reject(failures.shift()) });
  const own = await ask(server, "POST", "/api/v1/sync", { headers: AUTHORIZED });
  assert.deepEqual([own.status, await own.json()], [503, {
    error: { code: "needs_permission", message: "Cannot read", hint: "Allow it" },
  }]);
  const other = await ask(server, "POST", "/api/v1/sync", { headers: AUTHORIZED });
  assert.equal(other.status, 500);
  assert.equal(await failureCode(other), "internal");
});

Deno.test("/ serves the dashboard with a strict policy and no token", async () => {
  await using server = startServer();
  const response = await ask(server, "GET", "/");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal(await response.text(), "<!doctype html>");
  const head = await ask(server, "HEAD", "/");
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});

Deno.test("serve() answers on ::1 with the same port when it can be had", async () => {
  await using server = startServer();
  if (!server.http.onIPv6) return;
  const response = await fetch(`http://[::1]:${server.http.port}/health`);
  assert.deepEqual(await response.json(), HEALTH);
});

Deno.test("serve() throws port_in_use when the port is taken", async () => {
  await using server = startServer();
  assert.throws(
    () => startServer({}, { port: server.http.port }),
    (error) => error instanceof LiveSyncError && error.code === "port_in_use",
  );
});

Deno.test("serve() goes on without ::1 when only there the port is taken", async () => {
  await using first = startServer();
  if (!first.http.onIPv6) return;
  using taken = Deno.listen({ hostname: "::1", port: 0 });
  if (taken.addr.transport !== "tcp") return;
  await using server = startServer({}, { port: taken.addr.port });
  assert.equal(server.http.onIPv6, false);
  assert.equal((await ask(server, "HEAD", "/health")).status, 200);
});
