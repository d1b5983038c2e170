/** The other commands beside a running instance, and without one. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as v from "valibot";
import { type Json, parseObject, runProgram } from "../cli/support/program.ts";
import { readyOf, Scene, state } from "./support/scene.ts";

/** The contract's form of GET /api/v1/status: the keys, and those below them. */
const STATUS_KEYS: Readonly<Record<string, readonly string[] | null>> = {
  version: null,
  state: null,
  feed: null,
  seq: null,
  database: ["path", "messages", "chats", "contacts", "attachments", "reactions", "size_bytes"],
  watermark: ["message_rowid", "attachment_rowid"],
  last_sync: ["at", "duration_ms", "reason"],
  last_contact_sync: ["at"],
  latency_ms: ["p50", "p99"],
  sources: null,
  import: null,
  pending: null,
  pending_old: null,
  undecodable: null,
  reconcile: null,
  not_in_source: null,
  clients: null,
  rss_bytes: null,
  running: null,
  holder: null,
};
const Sources = v.array(v.record(v.string(), v.unknown()));

function hasStatusKeys(status: Json): void {
  deepEqual(Object.keys(status), Object.keys(STATUS_KEYS));
  for (const [key, below] of Object.entries(STATUS_KEYS)) {
    if (below !== null) deepEqual(Object.keys(Object(status[key])), below, key);
  }
  for (const source of v.parse(Sources, status["sources"])) {
    deepEqual(Object.keys(source), ["kind", "path", "state", "hint"]);
  }
}

async function json(command: string, scene: Scene): Promise<Json> {
  const { code, stdout, stderr } = await runProgram([command, "--json", ...scene.flags]);
  equal(code, 0, stderr);
  equal(stdout.split("\n").length, 2);
  return parseObject(stdout);
}

Deno.test("sync --json counts what it made of a fresh database, then nothing, then what is new", async () => {
  await using scene = await Scene.open();
  for (const text of ["one", "two", "three"]) await scene.fromJane(text);
  const first = await json("sync", scene);
  deepEqual({ ...first, duration_ms: 0 }, {
    created: 3,
    updated: 0,
    deleted: 0,
    pending: 0,
    contacts: 2,
    merged: 0,
    duration_ms: 0,
  });
  equal((await json("sync", scene))["created"], 0);
  await scene.fromJane("four");
  equal((await json("sync", scene))["created"], 1);
  const status = await json("status", scene);
  hasStatusKeys(status);
  equal(parseObject(JSON.stringify(status["database"]))["messages"], 4);
});

Deno.test("sync and status are answered by the instance, and a second run refused, when one runs", async () => {
  await using scene = await Scene.open();
  await scene.fromJane("one");
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  const [summary, status, second] = await Promise.all([
    json("sync", scene),
    json("status", scene),
    runProgram(["run", ...scene.flags]),
  ]);
  // A pass of its own would have failed: the instance holds the lock.
  equal(summary["created"], 0);
  hasStatusKeys(status);
  equal(status["state"], "live");
  equal(status["feed"], ready.feed);

  equal(second.code, 1);
  equal(second.stdout, "");
  match(second.stderr, /^[^\n]+\n$/);
  ok(second.stderr.includes(`${ready.pid}`) && second.stderr.includes(ready.url), second.stderr);
  ok(!second.stderr.includes(ready.token));
});
