/**
 * The example for Electron with Node's own child_process as the parent: Messages in one process, the parent in another,
 * the sidecar in a third. What only Electron has (the window, the quitting of an app) is not run here.
 */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as v from "valibot";
import { readInstance } from "../../src/platform/instance.ts";
import { CHAT_OF_JANE, JANE, Scene } from "../live/support/scene.ts";
import { until } from "../support/until.ts";
import { NodeParent, type ParentOptions, type Told } from "./support/node_process.ts";
import { slowTest } from "../support/slow.ts";

const mainModule = new URL("../../main.ts", import.meta.url).pathname;
const command = [Deno.execPath(), "run", "-A", "--no-prompt", mainModule];
/** Short pauses: what is tested is that it comes again, not how long it waits. */
const pause = { first: 10, longest: 50, longLife: 60_000 };

function parentOn(scene: Scene, options: Partial<ParentOptions> = {}): NodeParent {
  const flags = [...scene.flags, "--log-level", "error"];
  return new NodeParent({ command, flags, pause, ...options }, () => isGone(scene));
}

const isReady = ({ told }: Told) => told === "ready";

/** The first import is told by a `resync`, and every message after it by an event. */
async function imported(parent: NodeParent): Promise<Told> {
  const ready = await parent.first(isReady, "ready");
  const { url } = v.parse(v.looseObject({ url: v.string() }), ready);
  await until(async () => {
    const health: unknown = await (await fetch(`${url}/health`)).json();
    return v.is(v.looseObject({ state: v.literal("live") }), health);
  }, "the end of the import");
  return ready;
}

function pidOf(ready: Told): number {
  return v.parse(v.number(), ready.pid);
}

/** Messages from Jane, one commit each. */
async function fromJane(scene: Scene, count: number, text = "Hello"): Promise<string[]> {
  const commands = Array.from(
    { length: count },
    (_, i) => ({ do: "message", chat: CHAT_OF_JANE, from: JANE, text: `${i} ${text}` }),
  );
  const { results } = await scene.messages.batch(commands);
  return results.map((result) => v.parse(v.string(), result["guid"]));
}

function isGone(scene: Scene): boolean {
  return readInstance(scene.database) === null;
}

Deno.test("the Electron example hands over each event once, and its sidecar is gone within a second when it is killed", async () => {
  await using scene = await Scene.open();
  await using parent = parentOn(scene);
  await imported(parent);
  const guids = await fromJane(scene, 20);
  await until(() => parent.guids.length >= guids.length, "the messages");
  await parent.say("ping");
  await parent.first(({ type }) => type === "pong", "an answer");
  deepEqual(parent.guids, guids);

  ok(!isGone(scene));
  const killedAt = performance.now();
  parent.kill();
  await until(() => isGone(scene), "the sidecar's end");
  const took = performance.now() - killedAt;
  ok(took < 1_000, `${took} ms`);
});

slowTest(
  "the Electron example has every event once and in order when the sidecar is killed again and again",
  async () => {
    await using scene = await Scene.open();
    await using parent = parentOn(scene);
    let pid = pidOf(await imported(parent));
    const guids: string[] = [];
    for (let round = 0; round < 2; round++) {
      const writing = fromJane(scene, 60);
      const seen = parent.told.length;
      await parent.first(({ told }) => told === "event", "an event of this round", seen);
      Deno.kill(pid, "SIGKILL");
      guids.push(...await writing);
      // Written while nobody looks, or just as the next sidecar starts.
      guids.push(...await fromJane(scene, 5, "in between"));
      pid = pidOf(await parent.first(isReady, "another ready", seen));
    }
    guids.push(...await fromJane(scene, 1, "the last"));
    await until(() => parent.guids.includes(guids.at(-1) ?? ""), "the last message");
    deepEqual(parent.guids, guids);
    deepEqual(parent.seqs, parent.seqs.map((_, i) => (parent.seqs[0] ?? 0) + i));
  },
);

slowTest(
  "a parent that does not read for a while loses nothing when more than a pipe holds has come",
  async () => {
    await using scene = await Scene.open();
    await using parent = parentOn(scene);
    await imported(parent);
    await parent.say("hold");
    await parent.first(({ told }) => told === "holding", "the parent to hold");
    const guids = await fromJane(scene, 400, "x".repeat(1_500));
    const info = readInstance(scene.database)?.info;
    await until(async () => {
      const response = await fetch(`${info?.url}/api/v1/status`, {
        headers: { authorization: `Bearer ${info?.token}` },
      });
      const { seq } = v.parse(v.looseObject({ seq: v.number() }), await response.json());
      return seq >= guids.length;
    }, "600 kB of events in the feed");
    equal(parent.guids.length, 0);
    await parent.say("go");
    await until(() => parent.guids.length >= guids.length, "all of them");
    deepEqual(parent.guids, guids);
  },
);

Deno.test("stop() ends the sidecar by `shutdown` within 2 s, and a later parent resumes where it was, or is told resync", async () => {
  await using scene = await Scene.open();
  await using first = parentOn(scene);
  await imported(first);
  const before = await fromJane(scene, 3);
  await until(() => first.guids.length >= 3, "three messages");
  await first.say("stop");
  const { afterMs = Infinity, position } = await first.first(({ told }) => told === "stopped", "the stop");
  ok(afterMs < 2_000, `${afterMs} ms`);
  equal((await first.ended()).code, 0);
  ok(isGone(scene) && position);

  const after = await fromJane(scene, 3, "while both were away");
  await using second = parentOn(scene, { position });
  await until(() => second.guids.length >= 3, "what was missed");
  deepEqual([first.guids, second.guids], [before, after]);
  await second.say("stop");
  await second.ended();

  // Another feed: the database was made anew since.
  await using third = parentOn(scene, { position: { feed: crypto.randomUUID(), seq: position.seq } });
  const { feed } = await third.first(isReady, "ready");
  equal((await third.first(({ told }) => told === "resync", "a resync")).feed, feed);
  const live = await fromJane(scene, 2);
  await until(() => third.guids.length >= 2, "the messages");
  deepEqual(third.guids, live);
});

/** A parent of what speaks as a sidecar, for what needs no real one. */
function fakeParent(features: readonly string[], options: Partial<ParentOptions> = {}): NodeParent {
  const fake = new URL("./support/fake_sidecar.mjs", import.meta.url).pathname;
  return new NodeParent({ command: ["node", fake, ...features], pause, ...options });
}

Deno.test("an event comes again when its handler failed", async () => {
  const file = Deno.makeTempFileSync();
  Deno.removeSync(file);
  await using parent = fakeParent([file], { failsFirst: true });
  const { message = "" } = await parent.first(({ told }) => told === "problem", "a problem");
  match(message, /the handler failed/);
  await until(() => parent.seqs.length >= 3, "the events");
  await parent.say("stop");
  await parent.ended();
  deepEqual(parent.seqs, [1, 2, 3]);
  Deno.removeSync(file);
});

slowTest(
  "the Electron example says why and tries again when another instance holds the database",
  async () => {
    const file = Deno.makeTempFileSync();
    Deno.removeSync(file);
    await using parent = fakeParent([file, "busy"]);
    await until(() => parent.seqs.length >= 3, "the events");
    deepEqual(parent.told.slice(0, 2).map(({ told, code }) => code ?? told), ["already_running", "ready"]);
    Deno.removeSync(file);
  },
);

Deno.test("the Electron example does not try again when a flag is wrong, and does when there is no binary", async () => {
  await using wrong = new NodeParent({ command, flags: ["--no-such-flag"], pause });
  await using missing = new NodeParent({ command: ["/no/such/binary"], pause });
  await wrong.first(({ told }) => told === "over", "the end");
  deepEqual(wrong.told.map(({ told, code }) => code ?? told), ["usage", "over"]);
  const problems = () => missing.told.filter(({ code }) => code === "sidecar_failed");
  await until(() => problems().length >= 3, "another try");
  match(problems()[0]?.message ?? "", /ENOENT/);
});

slowTest("stop() kills what hears neither `shutdown` nor SIGTERM", async () => {
  await using parent = fakeParent(["deaf"], { patience: { shutdown: 50, terminate: 50 } });
  const pid = pidOf(await parent.first(isReady, "ready"));
  await parent.say("stop");
  const { afterMs = 0 } = await parent.first(({ told }) => told === "stopped", "the stop");
  ok(afterMs >= 99, `${afterMs} ms`);
  throws(() => Deno.kill(pid, 0), Deno.errors.NotFound);
  equal((await parent.ended()).code, 0);
});
