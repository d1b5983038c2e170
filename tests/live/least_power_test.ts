/** What the program can still do once it runs, and what nobody in it can do any more. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { populate } from "../../src/simulator/populate.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { parseObject, RunningProgram } from "../cli/support/program.ts";
import { until } from "../support/until.ts";
import { created, follow, isCreated, readyOf, Scene, state } from "./support/scene.ts";

const CURIOUS = new URL("./support/curious_program.ts", import.meta.url).pathname;

function curious(scene: Scene): RunningProgram {
  return new RunningProgram(["run", "--sidecar", ...scene.flags], {}, [], CURIOUS);
}

Deno.test("nothing calls home, starts a program, changes a file or asks when run is ready", async () => {
  await using scene = await Scene.open();
  await using program = curious(scene);
  await readyOf(program);
  program.signal("SIGUSR2");
  const { attempts, reading } = parseObject(await program.lineErr((line) => line.startsWith('{"attempts"')));
  const outcomes = Object.entries(parseObject(JSON.stringify(attempts)));
  ok(outcomes.length > 15);
  deepEqual(outcomes.filter(([, outcome]) => outcome !== "refused"), []);
  equal(reading, "done", "a database can be opened for reading, as address books are");
  deepEqual(
    [...Deno.readDirSync(`${scene.folder}/ours`)].map(({ name }) => name).filter((name) =>
      name.endsWith(".x")
    ),
    [],
  );
});

Deno.test("messages, new clients, a replaced chat.db, sync and the end go on when run has given its permissions away", async () => {
  await using scene = await Scene.open();
  await using program = curious(scene);
  const ready = await readyOf(program);
  await state(ready, "live");
  const first = await follow(ready, "*");
  const one = await scene.fromJane("one");
  await first.have(1, isCreated);
  await scene.messages.close();
  for (const side of ["", "-wal", "-shm"]) await Deno.remove(scene.chatDb + side).catch(() => {});
  await state(ready, "source_missing");
  await scene.startMessages(2);
  const two = await scene.fromJane("two");
  const told = created(await first.have(2, isCreated)).map(({ guid }) => guid);
  deepEqual(told, [one, two]);
  const second = await follow(ready, "*");
  const three = await scene.fromJane("three");
  equal(created(await second.have(1, isCreated)).at(-1)?.guid, three);
  const headers = { authorization: `Bearer ${ready.token}` };
  equal((await fetch(`${ready.url}/api/v1/sync`, { method: "POST", headers })).status, 200);
  await Promise.all([first.close(), second.close()]);
  const askedAt = performance.now();
  program.signal("SIGTERM");
  const { code, stderr } = await program.ended();
  equal(code, 0, stderr);
  ok(performance.now() - askedAt < 2_000);
  match(
    Deno.readTextFileSync(`${scene.folder}/ours/instance.json`),
    /^\{"ended_at":"[^"]+"\}\n$/,
    "no token is left behind",
  );
  await using next = scene.run();
  equal((await readyOf(next)).feed, ready.feed);
});

Deno.test("a first import builds its indexes in the worker when run has given its permissions away", async () => {
  await using scene = new Scene();
  {
    using chatDb = createChatDatabase(scene.chatDb, { release: "macos15" });
    populate(chatDb, { messages: 21_000, seed: 3 });
  }
  await using program = curious(scene);
  const ready = await readyOf(program);
  await state(ready, "live");
  await program.lineOut((line) => line.includes('"import.completed"'));
  program.signal("SIGTERM");
  const { code, stderr } = await program.ended();
  equal(code, 0, stderr);
  ok(!stderr.includes("Cannot"), stderr);
  using db = openDatabase(scene.database, { readOnly: true });
  const found = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'messages'")
    .all();
  ok(found.length > 4);
});

Deno.test("run that waits for a chat.db ends clean when the import's worker has its connection open", async () => {
  await using scene = new Scene();
  await using program = scene.run();
  await state(await readyOf(program), "source_missing");
  program.signal("SIGTERM");
  equal((await program.ended()).code, 0);
  deepEqual([...Deno.readDirSync(`${scene.folder}/ours`)].map(({ name }) => name).toSorted(), [
    "chatstats.db",
    "chatstats.db.lock",
    "instance.json",
  ]);
});

/** Whether anybody listens on the inspector's port; it may be another program. */
async function inspectorListens(): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port: 9229 })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

Deno.test("SIGUSR1 leaves no inspector listening, and the program alive", async () => {
  ok(!await inspectorListens(), "somebody else has port 9229: this test can't see anything");
  await using scene = await Scene.open();
  await using program = scene.run();
  const ready = await readyOf(program);
  await state(ready, "live");
  program.signal("SIGUSR1");
  // Deno's own listener comes half a second after the start; only then does it say a word.
  const again = setInterval(() => program.signal("SIGUSR1"), 50);
  await program.lineErr((line) => line.startsWith("Debugger listening"));
  clearInterval(again);
  const client = await follow(ready, "*");
  await scene.fromJane("still there");
  await client.have(1, isCreated);
  await client.close();
  for (let look = 0; look < 3; look++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ok(!await inspectorListens(), "the inspector listens");
  }
});

/** `script` of util-linux gives the command a terminal of its own; without `--no-prompt` a question would be asked there. */
Deno.test({
  name:
    "run on a terminal asks nothing and goes on through traffic, a replaced chat.db, sync, status and Ctrl-C",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using scene = await Scene.open();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const words = [Deno.execPath(), "run", "-A", main, "run", ...scene.flags];
    const child = new Deno.Command("script", {
      args: ["-q", "-e", "-f", "-c", "exec " + words.map((word) => `'${word}'`).join(" "), "/dev/null"],
      env: { TERM: "xterm", SHELL: "/bin/sh" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await using _ended = { [Symbol.asyncDispose]: () => endOf(child) };
    // A program that asks answers no request: only its end lets this test fail.
    const limit = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const screen = new Response(child.stdout).text();
    const trouble = new Response(child.stderr).text();
    const input = child.stdin.getWriter();
    const info = await instanceInfo(`${scene.folder}/ours/instance.json`);
    await state(info, "live");
    const client = await follow(info, "*");
    await scene.messages.traffic({ perSecond: 100, seconds: 0.5 });
    await client.have(50, isCreated);
    await scene.messages.close();
    for (const side of ["", "-wal", "-shm"]) await Deno.remove(scene.chatDb + side).catch(() => {});
    await state(info, "source_missing");
    await scene.startMessages(2);
    await scene.fromJane("after the change");
    await client.have(51, isCreated);
    const headers = { authorization: `Bearer ${info.token}` };
    equal((await fetch(`${info.url}/api/v1/sync`, { method: "POST", headers })).status, 200);
    equal((await fetch(`${info.url}/api/v1/status`, { headers })).status, 200);
    await client.close();
    // The key, not the signal: the terminal sends SIGINT to the program.
    await input.write(new Uint8Array([3]));
    const { code } = await child.status;
    clearTimeout(limit);
    const shown = await screen + await trouble;
    await input.close().catch(() => {});
    equal(code, 0, shown);
    ok(shown.includes("Live"), shown);
    ok(!/Allow\?|requests .* access|\[y\/n/i.test(shown), shown);
  },
});

/** A child that still asks or waits when the test fails is ended. */
async function endOf(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
  await child.status;
}

type Ready = Awaited<ReturnType<typeof readyOf>>;

/** What `instance.json` says, once it is there. */
async function instanceInfo(path: string): Promise<Ready> {
  let text = "";
  await until(() => {
    try {
      return (text = Deno.readTextFileSync(path)) !== "";
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }, "instance.json");
  const { pid, url, ws, token, feed } = parseObject(text);
  return {
    type: "ready",
    pid: Number(pid),
    url: String(url),
    ws: String(ws),
    token: String(token),
    feed: String(feed),
  };
}
