/** Many rude clients at once, against a server in a process of its own whose memory is measured. For `test:long`. */
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { silentSocket } from "../notify/support/raw_http.ts";
import { TOKEN } from "../notify/support/server.ts";
import { isEvent, SocketClient } from "../notify/support/socket_client.ts";
import { type SpawnedServer, spawnServer } from "../notify/support/spawned_server.ts";
import { range, seqs } from "../notify/support/wire.ts";

const ignore = Deno.env.get("CHATSTATS_TEST_LONG") !== "1";
const MB = 1024 * 1024;

async function rssOf(server: SpawnedServer): Promise<number> {
  return (await server.get("/api/v1/status")).rssBytes;
}

function clientsAre(server: SpawnedServer, count: number): Promise<void> {
  return until(
    async () => (await server.get("/api/v1/status")).clients === count,
    `${count} clients`,
  );
}

Deno.test({
  name: "fifty clients that never read a replay of 400 MB cost less than 4 MB each, and delay nobody",
  ignore,
  fn: async () => {
    await using server = await spawnServer({ events: 1_000_000, characters: 300 });
    const live = await SocketClient.connect(server.ws);
    await live.ask({ type: "subscribe", topics: ["contacts"] }, "subscribed");
    const before = await rssOf(server);
    const silent = await Promise.all(
      range(1, 50).map(() =>
        silentSocket(server.port, TOKEN, { type: "subscribe", topics: ["*"], after: 0 })
      ),
    );
    const waits: number[] = [];
    let most = before;
    for (let i = 1; i <= 40; i++) {
      const at = performance.now();
      await server.commitOne();
      await live.have(1, (message) => message.seq === 1_000_000 + i);
      waits.push(performance.now() - at);
      most = Math.max(most, await rssOf(server));
    }
    const middle = waits.toSorted((a, b) => a - b)[20] ?? Infinity;
    assert.ok(middle < 100, `half of the live events took more than ${middle} ms`);
    await clientsAre(server, 1);
    most = Math.max(most, await rssOf(server));
    assert.ok(most - before < 200 * MB, `${Math.round((most - before) / MB)} MB for fifty clients`);
    for (const connection of silent) connection.close();
    await live.close();
  },
});

Deno.test({
  name: "500 clients at once all get every event, and /health answers meanwhile",
  ignore,
  fn: async () => {
    await using server = await spawnServer();
    const clients = await Promise.all(range(1, 500).map(() => SocketClient.connect(server.ws)));
    await Promise.all(
      clients.map((client) => client.ask({ type: "subscribe", topics: ["*"] }, "subscribed")),
    );
    for (let i = 0; i < 20; i++) {
      await server.commitOne();
      assert.equal((await server.get("/health")).status, 200);
    }
    for (const client of clients) {
      await client.have(20, isEvent);
      assert.deepEqual(seqs(client.messages), range(1, 20));
    }
    await Promise.all(clients.map((client) => client.close()));
    await clientsAre(server, 0);
  },
});

Deno.test({
  name: "2,000 connections: 1,024 are taken, the rest refused, and all places are free again afterwards",
  ignore,
  fn: async () => {
    await using server = await spawnServer();
    for (let round = 0; round < 2; round++) {
      const taken: SocketClient[] = [];
      let refused = 0;
      for (let i = 0; i < 2_000; i++) {
        const client = await SocketClient.connect(server.ws).catch(() => null);
        if (client === null) refused++;
        else taken.push(client);
      }
      assert.deepEqual([taken.length, refused], [1_024, 976]);
      assert.equal((await server.get("/health")).status, 200);
      await Promise.all(taken.map((client) => client.close()));
      await clientsAre(server, 0);
    }
  },
});

Deno.test({
  name: "clients that come and go by the thousand leave nothing behind",
  ignore,
  fn: async () => {
    await using server = await spawnServer({ events: 100 });
    const churn = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const client = await SocketClient.connect(server.ws);
        await client.ask({ type: "subscribe", topics: ["*"], after: 0 }, "subscribed");
        await client.close();
      }
      await clientsAre(server, 0);
      return rssOf(server);
    };
    const warm = await churn(1_000);
    const later = await churn(3_000);
    assert.ok(later - warm < 20 * MB, `${Math.round((later - warm) / MB)} MB more after 3,000 clients`);
  },
});

Deno.test({
  name: "100,000 subscriptions from one client are answered, and others go on",
  ignore,
  fn: async () => {
    await using server = await spawnServer();
    const live = await SocketClient.connect(server.ws);
    await live.ask({ type: "subscribe", topics: ["*"] }, "subscribed");
    const flooder = await SocketClient.connect(server.ws);
    const before = await rssOf(server);
    const topics = range(1, 20).map((id) => `chat:${id}`);
    for (let round = 1; round <= 100; round++) {
      for (let i = 0; i < 1_000; i++) flooder.send({ type: "subscribe", topics, after: 0 });
      await untilAnswered(flooder, round * 1_000);
      if (round % 10 === 0) await server.commitOne();
    }
    await live.have(10, isEvent);
    assert.ok(await rssOf(server) - before < 150 * MB);
    await live.close();
    await flooder.close();
  },
});

/** `have()` looks at all messages from the first one each time: too slow for so many. */
function untilAnswered(client: SocketClient, count: number): Promise<void> {
  return until(() => client.messages.length >= count, `${count} answers`);
}
