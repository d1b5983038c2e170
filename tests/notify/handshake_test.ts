/** How clients write the list of subprotocols in the handshake: byte by byte, and with `ws` from npm in a real Node. */
import assert from "node:assert/strict";
import { slowTest } from "../support/slow.ts";
import { installNpmWs, runNpmWs } from "./support/npm_ws.ts";
import { rawHandshake } from "./support/raw_http.ts";
import { startServer, TOKEN } from "./support/server.ts";

const LIST = "Sec-WebSocket-Protocol:";

const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ["as browsers do, with a space", [`${LIST} chatstats.v1, token.${TOKEN}`]],
  ["as ws and aiohttp do, without a space", [`${LIST} chatstats.v1,token.${TOKEN}`]],
  ["with the token first", [`${LIST} token.${TOKEN},chatstats.v1`]],
  ["with the token first and a space", [`${LIST} token.${TOKEN}, chatstats.v1`]],
  ["with tabs and more spaces", [`${LIST}\tchatstats.v1\t ,\t  token.${TOKEN} \t`]],
  ["with empty members", [`${LIST} , ,chatstats.v1,,\t,token.${TOKEN},`]],
  ["on two lines", [`${LIST} chatstats.v1`, `${LIST} token.${TOKEN}`]],
  ["on two lines, the token first", [`${LIST}token.${TOKEN}`, `${LIST}chatstats.v1`]],
  ["on lines of which one is empty", [`${LIST}`, `${LIST} chatstats.v1`, `${LIST} , token.${TOKEN}`]],
  ["with a name in lower case", [`sec-websocket-protocol: chatstats.v1,token.${TOKEN}`]],
  ["with others among them", [`${LIST} graphql-ws,token.other,chatstats.v1,token.${TOKEN},chat`]],
];

function answeredProtocols(head: string): string[] {
  return [...head.matchAll(/^sec-websocket-protocol:(.*)$/gim)].map(([, value = ""]) => value.trim());
}

for (const [how, lines] of LISTS) {
  Deno.test(`/ws opens and answers chatstats.v1 alone when the subprotocols are listed ${how}`, async () => {
    await using server = startServer();
    const { status, text } = await rawHandshake(server.http.port, lines);
    assert.equal(status, 101, text);
    assert.deepEqual(answeredProtocols(text), ["chatstats.v1"]);
  });
}

Deno.test("/ws names no subprotocol when the client lists none that we know", async () => {
  await using server = startServer();
  const bearer = `Authorization: Bearer ${TOKEN}`;
  for (const lines of [[bearer], [bearer, `${LIST} chat,graphql-ws`]]) {
    const { status, text } = await rawHandshake(server.http.port, lines);
    assert.equal(status, 101, text);
    assert.deepEqual(answeredProtocols(text), []);
  }
});

Deno.test("/ws refuses when the token stands there in no form that is one", async () => {
  await using server = startServer();
  const refused = [`token.${TOKEN}`, `chatstats.v1;token.${TOKEN}`, `chatstats.v1 token.${TOKEN}`];
  for (const list of [...refused, `chatstats.v1,token.${TOKEN}x`, `chatstats.v1,Token.${TOKEN}`]) {
    assert.equal((await rawHandshake(server.http.port, [`${LIST} ${list}`])).status, 401, list);
  }
});

slowTest("/ws serves ws from npm in Node when it lists the subprotocols, in either order", async () => {
  await using folder = await installNpmWs();
  await using server = startServer();
  for (const protocols of [["chatstats.v1", `token.${TOKEN}`], [`token.${TOKEN}`, "chatstats.v1"]]) {
    assert.deepEqual(await runNpmWs(folder, server.http.ws, protocols), {
      protocol: "chatstats.v1",
      messages: [
        { type: "subscribed", topics: ["*"], seq: 0, feed: server.store.feed },
        { type: "pong" },
      ],
      closed: 1000,
    });
  }
});
