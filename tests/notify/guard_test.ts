import assert from "node:assert/strict";
import fc from "fast-check";
import * as guard from "../../src/notify/guard.ts";

Deno.test("tokenCheck() accepts the token alone when anything is offered", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (token, offered) => {
    assert.equal(guard.tokenCheck(token)(offered), token === offered);
    assert.ok(guard.tokenCheck(token)(token));
  }));
});

Deno.test("bearerToken() reads the scheme in any case and nothing else", () => {
  assert.equal(guard.bearerToken("bearer  abc"), "abc");
  for (const header of [null, "", "Bearer", "Bearer ", "Basic abc", "abc"]) {
    assert.equal(guard.bearerToken(header), null);
  }
});

Deno.test("webSocketTokens() gives a token beside the subprotocol only when chatstats.v1 is offered with it", () => {
  const tokens = (protocols: string, query = "") =>
    guard.webSocketTokens(
      new Headers({ "sec-websocket-protocol": protocols }),
      new URLSearchParams(query),
    );
  assert.deepEqual(tokens("chatstats.v1, token.abc", "token=x"), ["x", "abc"]);
  assert.deepEqual(tokens("token.abc,chatstats.v1"), ["abc"]);
  assert.deepEqual(tokens("token.abc"), []);
});

Deno.test("ownOrigins() leaves the port out when it is the browser's default", () => {
  assert.ok(guard.ownOrigins(80).includes("http://localhost"));
  assert.ok(guard.ownOrigins(49152).includes("http://[::1]:49152"));
});
