/** Whatever is wrong with Messages' database is told in words, once, and ends by itself when it is mended. */
import { deepEqual, equal, ok } from "node:assert/strict";
import * as v from "valibot";
import { until } from "../support/until.ts";
import type { RunningProgram } from "../cli/support/program.ts";
import { clear, type Fault, FAULTS, putMessages } from "./support/faults.ts";
import { healthOf, readyOf, Scene, state } from "./support/scene.ts";

const Changed = v.object({ state: v.string(), reason: v.string(), hint: v.string() });
type Changed = v.InferOutput<typeof Changed>;
const Status = v.looseObject({
  state: v.string(),
  database: v.looseObject({ messages: v.number() }),
  sources: v.array(v.object({ kind: v.string(), path: v.string(), state: v.string(), hint: v.string() })),
});
type Ready = Awaited<ReturnType<typeof readyOf>>;

async function statusOf(ready: Ready) {
  const headers = { authorization: `Bearer ${ready.token}` };
  return v.parse(Status, await (await fetch(`${ready.url}/api/v1/status`, { headers })).json());
}

/** Every `state.changed` so far. */
function told(program: RunningProgram): Changed[] {
  return program.linesOut.filter((line) => line.includes('"state.changed"'))
    .map((line) => v.parse(v.looseObject({ data: Changed }), JSON.parse(line)).data);
}

/** "Cannot sync" and "Syncing again", as the log has them so far. */
function logged(program: RunningProgram): string[] {
  return program.linesErr.filter((line) => /"Cannot sync"|"Syncing again"/.test(line))
    .map((line) => line.includes("Cannot sync") ? "broken" : "well");
}

const SOURCE_STATES: Readonly<Record<string, string>> = {
  source_missing: "missing",
  needs_permission: "needs_permission",
  failed: "failed",
};

/** A live program meets these faults, one after the other, and is live again after each. */
async function meet(faults: readonly Fault[]): Promise<void> {
  await using scene = new Scene();
  putMessages(scene, 2);
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  for (const [index, fault] of faults.entries()) {
    const before = told(program).length;
    const loggedBefore = logged(program).length;
    clear(scene);
    await state(ready, "source_missing");
    const mend = fault.put(scene);
    await until(() => fault.reason.test(told(program).at(-1)?.reason ?? ""), `the reason of ${fault.name}`);
    deepEqual(await healthOf(ready).then(({ status, state }) => [status, state]), ["degraded", fault.state]);
    const { hint = "" } = told(program).at(-1) ?? {};
    ok(fault.hint.test(hint), `${fault.name}: ${hint}`);
    const status = await statusOf(ready);
    const wanted = { kind: "messages", path: scene.chatDb, state: SOURCE_STATES[fault.state], hint };
    deepEqual(status.sources[0], wanted);
    ok(status.database.messages >= 2, "what we have stays");

    mend?.();
    clear(scene);
    const guid = putMessages(scene, 2, 2 + index);
    await program.lineOut((line) => line.includes("message.created") && line.includes(guid));
    await until(() => told(program).at(-1)?.state === "live", `life after ${fault.name}`);
    deepEqual((await statusOf(ready)).sources[0], { ...wanted, state: "ok", hint: "" });

    const states = told(program).slice(before).map((each) => `${each.state} ${each.reason}`);
    // Missing, the fault, perhaps missing in between, live: how often a slow machine sees it missing, nobody knows, but
    // none is told twice in a row.
    ok(states.every((told, at) => told !== states[at - 1]), `${fault.name}: ${states.join("\n")}`);
    ok(new Set(states).size <= 4, `${fault.name}: ${states.join("\n")}`);
    await until(() => logged(program).at(-1) === "well", "the log");
    const lines = logged(program).slice(loggedBefore);
    equal(lines.filter((line) => line === "well").length, 1, `${index} ${fault.name}: ${lines.join()}`);
  }
}

Deno.test("run says in words what is wrong with chat.db, once, and goes on by itself when it is mended", async () => {
  await meet(FAULTS.filter(({ lasting }) => !lasting));
});

Deno.test("run says that chat.db is locked when the lock lasts, and goes on by itself when it is gone", async () => {
  await Promise.all(FAULTS.filter(({ lasting }) => lasting).map((fault) => meet([fault])));
});
