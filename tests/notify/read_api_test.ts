/** The read API as a client sees it: the simulated Messages app, the real sync, a real server. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { readActivity } from "../../src/store/queries/activity.ts";
import { listChats, listMessages } from "../../src/store/queries/chats.ts";
import { NOON_MS } from "../support/fake_clock.ts";
import { SyncFixture } from "../support/sync_fixture.ts";
import { ask, codeOf } from "./support/api_client.ts";
import { startServer, type TestServer } from "./support/server.ts";

const JANE = "+15550100001";
const OMAR = "omar@example.com";

/** A server that reads from the fixture's database. */
function serverOf({ db, clock }: SyncFixture): TestServer {
  return startServer({
    chats: {
      list: (ask) => listChats(db, ask),
      messages: (chat, ask) => listMessages(db, chat, ask),
    },
    activity: (ask) =>
      readActivity(db, ask, clock.now(), { isDue: () => true, pause: () => Promise.resolve() }),
  });
}

/** Every item of a list, asked for with `next` until there is none. */
// deno-lint-ignore no-explicit-any -- what the tests compare with what they expect
async function everything(server: TestServer, path: string, limit: number): Promise<any[]> {
  const items = [];
  for (let before = ""; true;) {
    const { status, body } = await ask(server, `${path}?limit=${limit}${before}`);
    equal(status, 200);
    ok(body.items.length <= limit);
    items.push(...body.items);
    if (body.next === null) return items;
    ok(items.length < 1_000, "the list does not end");
    before = `&before=${encodeURIComponent(body.next)}`;
  }
}

Deno.test("a client pages through all chats and messages, and reads what was said when", async () => {
  using fixture = new SyncFixture();
  const { app } = fixture;
  const [single = "", group = ""] = [
    app.createChat({ address: JANE }),
    app.createGroup({ members: [JANE, OMAR], name: "Three" }),
  ].map(({ guid }) => guid);
  for (let i = 0; i < 25; i++) {
    const chat = i % 2 === 0 ? single : group;
    const from = [undefined, JANE, OMAR][chat === single ? i % 4 / 2 : i % 3];
    app.message({
      chat,
      text: `text ${i}`,
      dateMs: NOON_MS - i * 3_600_000,
      ...from === undefined ? {} : { from },
    });
  }
  fixture.sync();
  await using server = serverOf(fixture);

  const chats = await everything(server, "chats", 1);
  deepEqual(chats.map((chat) => [chat.title, chat.total_messages, chat.last_message.content]), [
    [JANE, 13, "text 0"],
    ["Three", 12, "text 1"],
  ]);
  const said = [];
  for (const chat of chats) said.push(...await everything(server, `chats/${chat.id}/messages`, 4));
  deepEqual(
    said.map(({ content }) => content),
    [...[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24], ...[1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]]
      .map((i) => `text ${i}`),
  );

  const { body } = await ask(server, "activity?days=2&by=contact&top=1");
  const sent = said.filter((message) => message.is_from_me).length;
  deepEqual([body.sent, body.received], [sent, 25 - sent]);
  deepEqual(body.items.map((day: { date: string }) => day.date), ["2026-01-14", "2026-01-15"]);
  deepEqual([body.contacts.length, body.contacts[0].name, body.others.contacts], [1, JANE, 1]);
  equal(body.contacts[0].total + body.others.total, body.received);
});

Deno.test("a client is told what it asked wrongly when it reads, in words that repeat nothing of it", async () => {
  using fixture = new SyncFixture();
  await using server = serverOf(fixture);
  const cases: [string, number, string][] = [
    ["chats/99/messages", 404, "not_found"],
    ["chats?before=SECRET", 400, "bad_request"],
    ["activity?tz=SECRET", 400, "bad_request"],
    ["activity?tz=%5BSECRET%5D", 400, "bad_request"],
    ["activity?by=SECRET", 400, "bad_request"],
    ["activity?days=SECRET", 400, "bad_request"],
  ];
  for (const [path, status, code] of cases) {
    const answer = await ask(server, path);
    deepEqual([answer.status, codeOf(answer)], [status, code], path);
    ok(!answer.text.includes("SECRET"), answer.text);
  }
});
