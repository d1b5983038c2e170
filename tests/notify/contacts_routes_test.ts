/** `/api/v1/contacts…` over real HTTP, the database behind a port. */
import { deepEqual, equal, ok } from "node:assert/strict";
import * as v from "valibot";
import { LiveSyncError } from "../../src/model/errors.ts";
import type { ContactsAsk, ListAsk, Page } from "../../src/model/page.ts";
import type { HttpPorts } from "../../src/notify/http.ts";
import type { Log } from "../../src/platform/log.ts";
import { silentLog } from "../../src/platform/log.ts";
import { NO_CONTACTS, startServer, type TestServer, TOKEN } from "./support/server.ts";

const Failure = v.strictObject({
  error: v.strictObject({ code: v.string(), message: v.string(), hint: v.string() }),
});
const NAME = "Jane “Secret” Appleseed";

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

async function ask(server: TestServer, method: string, path: string, body?: BodyInit): Promise<Answer> {
  const response = await fetch(`${server.http.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}` },
    ...body === undefined ? {} : { body },
  });
  equal(response.headers.get("content-type"), "application/json; charset=utf-8");
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text };
}

function codeOf({ body }: Answer): string {
  return v.parse(Failure, body).error.code;
}

/** A port that notes what it is asked for. */
function changeLog(page: Page = { items: [], next: null }) {
  const asked: (readonly [string, ...unknown[]])[] = [];
  const contacts: HttpPorts["contacts"] = {
    list: (ask: ContactsAsk) => (asked.push(["list", ask]), page),
    merges: (ask: ListAsk) => (asked.push(["merges", ask]), page),
    undo: (id) => (asked.push(["undo", id]), Promise.resolve(`{"id":${id}}`)),
    rename: (id, name) => (asked.push(["rename", id, name]), Promise.resolve(JSON.stringify({ id, name }))),
  };
  return { asked, contacts };
}

Deno.test("GET /api/v1/contacts and its merges answer a page's items as they are, with next", async () => {
  const items = ['{"id":1,"name":"a\\u0000b"}', '{"id":2}'];
  const { contacts } = changeLog({ items, next: 'x"y' });
  await using server = startServer({ contacts });
  for (const path of ["contacts", "contacts/merges"]) {
    const { status, body } = await ask(server, "GET", path);
    equal(status, 200);
    deepEqual(body, { items: [{ id: 1, name: "a\0b" }, { id: 2 }], next: 'x"y' });
  }
  await using empty = startServer();
  deepEqual((await ask(empty, "GET", "contacts")).body, { items: [], next: null });
});

Deno.test("the lists hand on query, limit and before when they are given, and 50 when there is no limit", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  await ask(server, "GET", "contacts");
  await ask(server, "GET", "contacts?query=%2B1%20555+J%C3%A4&limit=7&before=abc&other=1");
  await ask(server, "GET", "contacts?query=&limit=100000");
  await ask(server, "GET", "contacts/merges");
  await ask(server, "GET", "contacts/merges?limit=200&before=abc&query=x");
  deepEqual(asked, [
    ["list", { query: null, limit: 50, before: null }],
    ["list", { query: "+1 555 Jä", limit: 7, before: "abc" }],
    ["list", { query: "", limit: 200, before: null }],
    ["merges", { limit: 50, before: null }],
    ["merges", { limit: 200, before: "abc" }],
  ]);
});

Deno.test("the lists answer 400 bad_request when limit, query or before is none", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  const wrong = [
    "limit=",
    "limit=0",
    "limit=-1",
    "limit=1.5",
    "limit=x",
    "limit=01",
    "limit=1e3",
    "limit=9999999999",
  ];
  for (const query of [...wrong, "query=a%00b", `query=${"q".repeat(201)}`]) {
    const answer = await ask(server, "GET", `contacts?${query}`);
    deepEqual([answer.status, codeOf(answer)], [400, "bad_request"], query);
  }
  for (const query of wrong) equal((await ask(server, "GET", `contacts/merges?${query}`)).status, 400, query);
  deepEqual(asked, []);

  const refuses: HttpPorts["contacts"] = {
    ...NO_CONTACTS,
    list: () => {
      throw new LiveSyncError("bad_request", "Cannot read `before`", "Give another one");
    },
  };
  await using strict = startServer({ contacts: refuses });
  const answer = await ask(strict, "GET", "contacts?before=x");
  deepEqual([answer.status, answer.body], [400, {
    error: { code: "bad_request", message: "Cannot read `before`", hint: "Give another one" },
  }]);
});

Deno.test("POST merges/ID/undo answers the merge, with a body and without", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  deepEqual((await ask(server, "POST", "contacts/merges/12/undo")).body, { id: 12 });
  deepEqual((await ask(server, "POST", "contacts/merges/999999999999999/undo", "{}")).body, {
    id: 999_999_999_999_999,
  });
  deepEqual(asked, [["undo", 12], ["undo", 999_999_999_999_999]]);
});

Deno.test("PUT ID/name answers the contact and hands the name on without the spaces around it", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  const put = (name: string) => ask(server, "PUT", "contacts/7/name", JSON.stringify({ name, more: 1 }));
  deepEqual((await put(`  ${NAME}\n`)).body, { id: 7, name: NAME });
  await put(" \t ");
  await put("🙂".repeat(200));
  deepEqual(asked, [["rename", 7, NAME], ["rename", 7, ""], ["rename", 7, "🙂".repeat(200)]]);
});

Deno.test("PUT ID/name answers 400 without repeating the name when the body does not fit", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  const bodies: BodyInit[] = [
    "",
    NAME,
    `"${NAME}"`,
    "{}",
    "null",
    "[]",
    '{"name":7}',
    '{"name":null}',
    '{"name":["x"]}',
    JSON.stringify({ name: "x".repeat(201) }),
    JSON.stringify({ name: `${NAME}\n${NAME}` }),
    JSON.stringify({ name: "Jane\u0000" }),
    JSON.stringify({ name: "Jane\u001b[2J" }),
    '{"name":"Jane \\ud83d"}',
    Uint8Array.of(0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d),
  ];
  for (const [i, body] of bodies.entries()) {
    const answer = await ask(server, "PUT", "contacts/7/name", body);
    deepEqual([answer.status, codeOf(answer)], [400, "bad_request"], String(i));
    ok(!answer.text.includes("Jane"), answer.text);
  }
  deepEqual(asked, []);
});

Deno.test("undo and rename answer 413 and do nothing when the body is longer than 64 KiB", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  const long = JSON.stringify({ name: "x".repeat(65_536) });
  for (const body of [() => long, () => new Blob([long]).stream()]) {
    const undo = await ask(server, "POST", "contacts/merges/1/undo", body());
    deepEqual([undo.status, codeOf(undo)], [413, "body_too_large"]);
    const name = await ask(server, "PUT", "contacts/1/name", body());
    deepEqual([name.status, codeOf(name)], [413, "body_too_large"]);
  }
  deepEqual(asked, []);
});

Deno.test("undo and rename answer 404, 409 or 503 when the port says so, and log only what is not the client's", async () => {
  const logged: string[] = [];
  const log: Log = { ...silentLog, warning: (_, fields) => logged.push(String(fields?.["code"])) };
  const failures = ["not_found", "already_undone", "stopping", "sqlite_5"];
  const fail = () => Promise.reject(new LiveSyncError(failures[0] ?? "", "Cannot do it", "A hint"));
  await using server = startServer({ contacts: { ...NO_CONTACTS, undo: fail, rename: fail } }, { log });
  for (const status of [404, 409, 503, 503]) {
    const [code] = failures;
    const undo = await ask(server, "POST", "contacts/merges/3/undo");
    const rename = await ask(server, "PUT", "contacts/3/name", '{"name":""}');
    for (const answer of [undo, rename]) {
      deepEqual([answer.status, answer.body], [status, {
        error: { code, message: "Cannot do it", hint: "A hint" },
      }]);
    }
    failures.shift();
  }
  deepEqual(logged, ["stopping", "stopping", "sqlite_5", "sqlite_5"]);
});

Deno.test("undo and rename answer 503 stopping and do nothing once the feed is closed; lists go on", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  await server.feed.close();
  for (
    const answer of [
      await ask(server, "POST", "contacts/merges/3/undo"),
      await ask(server, "PUT", "contacts/3/name", '{"name":""}'),
    ]
  ) deepEqual([answer.status, codeOf(answer)], [503, "stopping"]);
  deepEqual(asked, []);
  equal((await ask(server, "GET", "contacts")).status, 200);
});

Deno.test("paths of contacts answer 404 or 405 when the id is no number from 1 or the method another", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  const cases: [string, string, number][] = [
    ["PUT", "contacts/0/name", 404],
    ["PUT", "contacts/01/name", 404],
    ["PUT", "contacts/-1/name", 404],
    ["PUT", "contacts/1.5/name", 404],
    ["PUT", "contacts/x/name", 404],
    ["PUT", "contacts/9999999999999999/name", 404],
    ["PUT", "contacts/1/name/", 404],
    ["POST", "contacts/merges/0/undo", 404],
    ["POST", "contacts/merges/9999999999999999/undo", 404],
    ["GET", "contacts/", 404],
    ["GET", "contacts/7", 404],
    ["POST", "contacts", 405],
    ["POST", "contacts/merges", 405],
    ["GET", "contacts/merges/1/undo", 405],
    ["POST", "contacts/1/name", 405],
  ];
  for (const [method, path, status] of cases) {
    equal(
      (await ask(server, method, path, method === "GET" ? undefined : "{}")).status,
      status,
      `${method} ${path}`,
    );
  }
  deepEqual(asked, []);
});

Deno.test("paths of contacts answer 401 when there is no token", async () => {
  const { asked, contacts } = changeLog();
  await using server = startServer({ contacts });
  for (
    const [method, path] of [
      ["GET", "contacts"],
      ["GET", "contacts/merges"],
      ["POST", "contacts/merges/1/undo"],
      ["PUT", "contacts/1/name"],
    ]
  ) {
    const response = await fetch(`${server.http.url}/api/v1/${path}?token=${TOKEN}`, {
      method: method ?? "",
    });
    equal(response.status, 401);
    await response.body?.cancel();
  }
  deepEqual(asked, []);
});
