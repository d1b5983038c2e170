/** `run`, `sync` and `status` as real processes on a real chat.db. */
import assert from "node:assert/strict";
import { parseObject, RunningProgram, runProgram } from "./support/program.ts";
import { makeSources } from "./support/sources.ts";

const SUMMARY_KEYS = ["created", "updated", "deleted", "pending", "contacts", "merged", "duration_ms"];

function isReady(line: string): boolean {
  return line.includes('"type":"ready"');
}

/** Over when the first import is: its state says `live`. */
function isLive(line: string): boolean {
  return line.includes('"state.changed"') && line.includes('"live"');
}

Deno.test("run --sidecar tells where it is, in instance.json too, when it is ready", async () => {
  using sources = makeSources();
  await using program = new RunningProgram(["run", "--sidecar", ...sources.flags]);
  const ready = parseObject(await program.lineOut(() => true));
  assert.equal(ready["type"], "ready");
  assert.equal(ready["pid"], program.pid);
  assert.equal(ready["database"], sources.database);
  const folder = `${sources.folder}/ours`;
  const instance = parseObject(Deno.readTextFileSync(`${folder}/instance.json`));
  for (const name of ["pid", "url", "ws", "token", "feed", "version", "database"]) {
    assert.equal(instance[name], ready[name], name);
  }
  assert.equal((Deno.statSync(folder).mode ?? 0) & 0o777, 0o700);
  for (const { name } of Deno.readDirSync(folder)) {
    assert.equal((Deno.statSync(`${folder}/${name}`).mode ?? 0) & 0o777, 0o600, name);
  }
  program.signal("SIGTERM");
  const { code, stderr } = await program.ended();
  assert.equal(code, 0, stderr);
  assert.deepEqual(Object.keys(parseObject(Deno.readTextFileSync(`${folder}/instance.json`))), ["ended_at"]);
});

Deno.test("run exits 0 within two seconds when SIGTERM, SIGINT or the end of a sidecar's stdin ends it", async () => {
  const endings: [string, string[], (program: RunningProgram) => void | Promise<void>][] = [
    ["SIGTERM", ["--sidecar"], (program) => program.signal("SIGTERM")],
    ["SIGINT", ["--sidecar"], (program) => program.signal("SIGINT")],
    ["stdin", ["--sidecar"], (program) => program.endStdin()],
    ["shutdown", ["--sidecar"], (program) => program.say({ type: "shutdown" })],
    ["SIGTERM alone", [], (program) => program.signal("SIGTERM")],
  ];
  for (const [name, flags, end] of endings) {
    using sources = makeSources();
    await using program = new RunningProgram([...flags, ...sources.flags]);
    if (flags.length > 0) await program.lineOut(isReady);
    else await program.lineErr((line) => line.includes('"serving"'));
    const asked = performance.now();
    await end(program);
    const { code, stdout } = await program.ended();
    assert.equal(code, 0, name);
    assert.ok(performance.now() - asked < 2_000, name);
    for (const line of stdout.split("\n").slice(0, -1)) parseObject(line);
    if (flags.length === 0) assert.equal(stdout, "");
  }
});

Deno.test("a second run refuses with pid and url, or waits and takes over, when another holds the database", async (t) => {
  using sources = makeSources();
  await using first = new RunningProgram(["--sidecar", ...sources.flags]);
  const { url } = parseObject(await first.lineOut(isReady));
  const waiting = (line: string) => line.includes("Waiting for process");

  await t.step("it refuses with pid and url, and writes fatal alone with --sidecar", async () => {
    const second = await runProgram(["run", ...sources.flags]);
    assert.equal(second.code, 1);
    assert.equal(second.stdout, "");
    assert.equal(second.stderr.split("\n").length, 2);
    assert.ok(
      second.stderr.includes(String(first.pid)) && second.stderr.includes(String(url)),
      second.stderr,
    );
    const third = await runProgram([...sources.flags, "--sidecar"]);
    assert.equal(third.code, 1);
    const fatal = parseObject(third.stdout);
    assert.equal(fatal["type"], "fatal");
    assert.equal(fatal["code"], "already_running");
  });

  await t.step("with --wait it exits 0 when SIGTERM comes while it waits", async () => {
    await using program = new RunningProgram(["--wait", ...sources.flags]);
    await program.lineErr(waiting);
    program.signal("SIGTERM");
    assert.equal((await program.ended()).code, 0);
  });

  await t.step("with --wait it takes over when the other instance ends", async () => {
    await using program = new RunningProgram(["--wait", "--sidecar", ...sources.flags]);
    await program.lineErr(waiting);
    first.signal("SIGTERM");
    assert.equal(parseObject(await program.lineOut(() => true))["pid"], program.pid);
    program.signal("SIGTERM");
    assert.equal((await program.ended()).code, 0);
  });
});

Deno.test("status --json and sync --json hand over to the instance when one runs", async () => {
  using sources = makeSources();
  await using program = new RunningProgram(["--sidecar", ...sources.flags]);
  const { feed } = parseObject(await program.lineOut(isReady));
  const sync = await runProgram(["sync", "--json", ...sources.flags]);
  assert.equal(sync.code, 0, sync.stderr);
  assert.deepEqual(Object.keys(parseObject(sync.stdout)), SUMMARY_KEYS);
  // A proxy in the environment must not get a request to our own machine, with the token in it.
  const status = await runProgram(["--json", "status", ...sources.flags], {
    HTTP_PROXY: "http://127.0.0.1:1",
  });
  assert.equal(status.code, 0, status.stderr);
  assert.equal(parseObject(status.stdout)["feed"], feed);
  const words = await runProgram(["status", ...sources.flags]);
  assert.match(words.stdout, new RegExp(`^In use by +process ${program.pid} \\(serving http`, "m"));
  assert.match(words.stdout, /^Messages +3$/m);
});

Deno.test("sync --json does it itself with the contract's fields when no instance runs", async () => {
  using sources = makeSources();
  const first = await runProgram(["sync", "--json", ...sources.flags]);
  assert.equal(first.code, 0, first.stderr);
  const summary = parseObject(first.stdout);
  assert.deepEqual(Object.keys(summary), SUMMARY_KEYS);
  assert.equal(summary["created"], 3);
  sources.receive("four");
  const second = await runProgram(["sync", ...sources.flags]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /^Up to date [^\n]+\n +1 {2}messages new\n/);
  const status = await runProgram(["status", "--json", ...sources.flags]);
  assert.equal(status.code, 0, status.stderr);
  assert.ok(status.stdout.includes('"messages":4'), status.stdout);
});

Deno.test("sync exits 1 with one line when there is no chat.db", async () => {
  using sources = makeSources();
  const { code, stdout, stderr } = await runProgram([
    "sync",
    "--log-level",
    "error",
    "--messages-db",
    `${sources.folder}/missing.db`,
    "--database",
    sources.database,
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /missing\.db/);
});

Deno.test("status exits 1 with one line and makes nothing when there is no database", async () => {
  using sources = makeSources();
  const { code, stdout, stderr } = await runProgram(["status", ...sources.flags]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /^No ChatStats database at [^\n]+ To make it: `npx -y deno@2\.9\.6 task sync --[^\n]+`[^\n]*\n$/,
  );
  assert.throws(() => Deno.statSync(`${sources.folder}/ours`), Deno.errors.NotFound);
});

Deno.test("run --sidecar passes on a message when Messages writes one", async () => {
  using sources = makeSources();
  await using program = new RunningProgram(["--sidecar", ...sources.flags]);
  await program.lineOut(isLive);
  sources.receive("hello from outside");
  const line = parseObject(await program.lineOut((each) => each.includes("hello from outside")));
  assert.equal(line["event"], "message.created");
  await program.endStdin();
  assert.equal((await program.ended()).code, 0);
});
