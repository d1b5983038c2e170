/** `/api/v1/chats…` and `/api/v1/activity` over real HTTP, the database behind a port. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import type { Page } from "../../src/model/page.ts";
import type { HttpPorts } from "../../src/notify/http.ts";
import { type Log, silentLog } from "../../src/platform/log.ts";
import { ask, codeOf } from "./support/api_client.ts";
import { startServer, TOKEN } from "./support/server.ts";

/** Ports that note what they are asked for. */
function changeLog(page: Page = { items: [], next: null }) {
  const asked: (readonly [string, ...unknown[]])[] = [];
  const chats: HttpPorts["chats"] = {
    list: (ask) => (asked.push(["chats", ask]), page),
    messages: (id, ask) => (asked.push(["messages", id, ask]), page),
  };
  const activity: HttpPorts["activity"] = (ask) => {
    asked.push(["activity", ask]);
    return Promise.resolve({ tz: ask.zone, items: [], next: null, sent: 3, received: 4 });
  };
  return { asked, chats, activity };
}

const WRONG_NUMBERS = ["", "0", "-1", "1.5", "x", "01", "1e3", "9999999999", "+5", "5 "];

Deno.test("GET /api/v1/chats and its messages answer a page's items as they are, with next", async () => {
  const { chats } = changeLog({ items: ['{"id":1,"content":"a\\u0000b"}', '{"id":2}'], next: 'x"y' });
  await using server = startServer({ chats });
  for (const path of ["chats", "chats/12/messages"]) {
    const { status, body } = await ask(server, path);
    equal(status, 200);
    deepEqual(body, { items: [{ id: 1, content: "a\0b" }, { id: 2 }], next: 'x"y' });
  }
  await using empty = startServer();
  deepEqual((await ask(empty, "chats")).body, { items: [], next: null });
});

Deno.test("chats and messages hand on id, limit and before when they are given, and 50 when there is no limit", async () => {
  const { asked, chats } = changeLog();
  await using server = startServer({ chats });
  await ask(server, "chats");
  await ask(server, "chats?limit=3&before=abc&other=1");
  await ask(server, "chats?limit=100000");
  await ask(server, "chats/999999999999999/messages?limit=200&before=abc");
  deepEqual(asked, [
    ["chats", { limit: 50, before: null }],
    ["chats", { limit: 3, before: "abc" }],
    ["chats", { limit: 200, before: null }],
    ["messages", 999_999_999_999_999, { limit: 200, before: "abc" }],
  ]);
});

Deno.test("GET /api/v1/activity hands on days, zone and top, and answers what its port gives", async () => {
  const { asked, activity } = changeLog();
  await using server = startServer({ activity });
  const { status, body } = await ask(server, "activity?days=30&tz=Europe%2FBerlin");
  deepEqual([status, body], [200, { tz: "Europe/Berlin", items: [], next: null, sent: 3, received: 4 }]);
  await ask(server, "activity");
  await ask(server, "activity?by=contact");
  await ask(server, "activity?by=contact&top=3&days=3660");
  await ask(server, "activity?top=3");
  deepEqual(asked.map(([, asks]) => asks), [
    { days: 30, zone: "Europe/Berlin", top: null },
    { days: 365, zone: "UTC", top: null },
    { days: 365, zone: "UTC", top: 8 },
    { days: 3_660, zone: "UTC", top: 3 },
    { days: 365, zone: "UTC", top: null },
  ]);
});

Deno.test("chats, messages and activity answer 400 bad_request when a parameter is none", async () => {
  const { asked, chats, activity } = changeLog();
  await using server = startServer({ chats, activity });
  const numbers = WRONG_NUMBERS.map(encodeURIComponent);
  const wrong = [
    ...numbers.flatMap((limit) => [`chats?limit=${limit}`, `chats/1/messages?limit=${limit}`]),
    ...numbers.flatMap((n) => [`activity?days=${n}`, `activity?by=contact&top=${n}`]),
    "activity?days=3661",
    "activity?by=contact&top=51",
    "activity?by=",
    "activity?by=chat",
  ];
  for (const path of wrong) {
    const answer = await ask(server, path);
    deepEqual([answer.status, codeOf(answer)], [400, "bad_request"], path);
  }
  deepEqual(asked, []);
});

Deno.test("a read answers 404, 503 or 500 when its port says so, and logs only what nobody waits for", async () => {
  const logged: string[] = [];
  const log: Log = {
    ...silentLog,
    warning: (_, fields) => logged.push(String(fields?.["code"])),
    error: (_, fields) => logged.push(String(fields?.["error"])),
  };
  let failure: Error = new Error();
  const fail = () => {
    throw failure;
  };
  const activity = () => Promise.reject(failure);
  await using server = startServer({ chats: { list: fail, messages: fail }, activity }, { log });
  const cases: [Error, number, string][] = [
    [new LiveSyncError("not_found", "Cannot find it", "A hint"), 404, "not_found"],
    [new LiveSyncError("importing", "Cannot count", "A hint"), 503, "importing"],
    [new LiveSyncError("sqlite_11", "Cannot read", "A hint"), 503, "sqlite_11"],
    [new TypeError("Jane said: secret"), 500, "internal"],
  ];
  for (const [error, status, code] of cases) {
    failure = error;
    for (const path of ["chats", "chats/1/messages", "activity"]) {
      const answer = await ask(server, path);
      deepEqual([answer.status, codeOf(answer)], [status, code], path);
      ok(!answer.text.includes("secret"), answer.text);
    }
  }
  deepEqual(logged, [...Array(3).fill("sqlite_11"), ...Array(3).fill("TypeError")]);
});

Deno.test("paths of chats and activity answer 404 or 405 when the id is no number from 1 or the method another", async () => {
  const { asked, chats, activity } = changeLog();
  await using server = startServer({ chats, activity });
  const cases: [string, string, number][] = [
    ["GET", "chats/", 404],
    ["GET", "chats/12", 404],
    ["GET", "chats/0/messages", 404],
    ["GET", "chats/01/messages", 404],
    ["GET", "chats/-1/messages", 404],
    ["GET", "chats/x/messages", 404],
    ["GET", "chats/9999999999999999/messages", 404],
    ["GET", "chats/1/messages/", 404],
    ["GET", "activity/", 404],
    ["POST", "chats", 405],
    ["POST", "chats/1/messages", 405],
    ["PUT", "activity", 405],
  ];
  for (const [method, path, status] of cases) {
    equal((await ask(server, path, method)).status, status, `${method} ${path}`);
  }
  deepEqual(asked, []);
});

Deno.test("paths of chats and activity answer 401 when there is no token", async () => {
  const { asked, chats, activity } = changeLog();
  await using server = startServer({ chats, activity });
  for (const path of ["chats", "chats/1/messages", "activity"]) {
    const response = await fetch(`${server.http.url}/api/v1/${path}?token=${TOKEN}`);
    equal(response.status, 401);
    await response.body?.cancel();
  }
  deepEqual(asked, []);
});
