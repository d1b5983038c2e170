/**
 * The command line's words, as a person or a script meets them: stdout, stderr and exit code. What each kind of answer
 * is as a process of its own stands in the tests that use `runProgram`; the many words share one process.
 */
import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../src/cli/main.ts";
import { flagsOf } from "../../src/cli/command.ts";
import { SHARED_FLAGS } from "../../src/cli/flags.ts";
import { CommandLine } from "./support/command_line.ts";
import { parseObject, runProgram } from "./support/program.ts";

Deno.test("--help names every command, flag, variable and exit code when it is asked for", async () => {
  const { code, stdout, stderr } = await runProgram(["--help"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const { name } of COMMANDS) assert.ok(stdout.includes(`  ${name}`), name);
  for (const { name, variable } of SHARED_FLAGS) {
    assert.ok(stdout.includes(name), name);
    assert.ok(variable === null || stdout.includes(variable), `${variable}`);
  }
  assert.match(stdout, /Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no permission/);
  assert.ok(!stdout.includes("__messages-app"));
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
});

Deno.test("COMMAND --help prints that command's page when the flag stands before or after it", async () => {
  await using line = new CommandLine();
  for (const { name, flags, operands } of COMMANDS) {
    const { code, stdout } = await line.run([...name.split(" "), "--help"]);
    assert.equal(code, 0, name);
    assert.ok(stdout.startsWith(`Usage: chatstats-live-sync ${name} `), stdout);
    for (const flag of flags) assert.ok(stdout.includes(`  ${flag.name}`), flag.name);
    for (const operand of operands ?? []) {
      assert.ok(stdout.includes(operand.replace(/[<>]|\.{3}/g, "").toUpperCase()));
    }
  }
  assert.deepEqual(await line.run(["-h", "sync"]), await line.run(["sync", "--help"]));
  assert.match((await line.run(["contacts", "--help"])).stdout, /contacts rename ID NAME/);
});

Deno.test("--version prints the version of deno.json when it stands anywhere", async () => {
  const said = { code: 0, stdout: `${manifest.version}\n`, stderr: "" };
  assert.deepEqual(await runProgram(["--version"]), said);
  await using line = new CommandLine();
  for (const args of [["-V"], ["sync", "--version"]]) assert.deepEqual(await line.run(args), said);
});

Deno.test("main() says in one line what is wrong and what is right, and exits 2, when the usage is wrong", async () => {
  const cases: [string[], string | RegExp][] = [
    [["--prot"], "unknown flag --prot; did you mean --port?"],
    [["run", "--databse=/x"], "unknown flag --databse; did you mean --database?"],
    [["--tokn=s3cret"], "unknown flag --tokn; did you mean --token?"],
    [["--cooldown", "5"], "unknown flag --cooldown; did you mean --sync-cooldown?"],
    [["--qqqqqqqq"], /^unknown flag --qqqqqqqq; see `npx -y deno@2\.9\.6 .* help`$/],
    [["sycn"], "unknown command sycn; did you mean sync?"],
    [["agent", "instal"], "unknown command agent instal; did you mean agent install?"],
    [["contact", "merges"], "unknown command contact; did you mean contacts merges?"],
    [["agent"], /^agent needs one of install, uninstall, status after it; see `[^`]* help agent`$/],
    [["contacts", "undo"], /^contacts undo needs ID after it; see `[^`]* help contacts undo`$/],
    [["help", "nonsense"], /^unknown command nonsense; see `[^`]* help`$/],
    [["help", "statsu"], "unknown command statsu; did you mean status?"],
    [["statsu", "--help"], "unknown command statsu; did you mean status?"],
    [["help", "contacts", "lst"], "unknown command contacts lst; did you mean contacts list?"],
    [["contacts", "undo", "1", "2"], /^unexpected word 2 after contacts undo;/],
    [["status", "now"], /^unexpected word now after status;/],
    [["status", "--wait"], "flag --wait means nothing to status; it is for run"],
    [
      ["--json", "run"],
      "flag --json means nothing to run; it is for sync, status, doctor, contacts list, contacts merges, " +
      "contacts undo, contacts rename, agent status",
    ],
    [["demo", "--database", "/x"], /^flag --database means nothing to demo; it is for run, /],
    [["demo", "--messages-db", "/x"], "flag --messages-db means nothing to demo; did you mean --messages?"],
    [["--addressbook-dir", "/x", "demo"], /^flag --addressbook-dir means nothing to demo; it is for run, /],
    [
      ["demo", "--contacts-interval", "5"],
      /^flag --contacts-interval means nothing to demo; it is for run, /,
    ],
    [["demo", "--sync-cooldown", "5"], /^flag --sync-cooldown means nothing to demo; it is for run, /],
    [["--port"], /^flag --port needs a value; see `[^`]* help`$/],
    [["--sidecar=yes"], /^flag --sidecar takes no value; see `[^`]* help`$/],
    [
      ["sync", "--port", "5"],
      "flag --port means nothing to sync; it is for run, demo, doctor, agent install",
    ],
    [["status", "--log-level", "info"], /^flag --log-level means nothing to status; it is for run, /],
    [["doctor", "--token", "x"], /^flag --token means nothing to doctor; it is for run, /],
    [["open", "--wait"], "flag --wait means nothing to open; it is for run"],
    [["contacts", "list", "--region", "US"], /^flag --region means nothing to contacts list; /],
    [
      ["--port", "70000", "doctor"],
      /^--port must be a whole number from 0 to 65535, not "70000"; see `[^`]* help doctor`$/,
    ],
    [["sync", "--log-level", "loud"], /^--log-level must be one of debug, info, warning, error/],
    [["demo", "--seconds", "0"], /^--seconds must be a whole number from 1 to 86400/],
  ];
  await using line = new CommandLine();
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await line.run(args);
    assert.equal(code, 2, args.join(" "));
    if (args.includes("--json")) {
      const { code, hint } = failureOf(stdout);
      assert.equal(code, "usage");
      assert.ok(typeof hint === "string" && hint !== "");
    } else assert.equal(stdout, "");
    const words = stderr.slice(0, -1);
    assert.ok(!words.includes("\n") && !words.includes("s3cret"), stderr);
    if (typeof expected === "string") assert.equal(words, expected);
    else assert.match(words, expected);
  }
});

/** What a failed command with --json prints. */
function failureOf(stdout: string) {
  const { error } = parseObject(stdout);
  const { code, message, hint } = parseObject(JSON.stringify(error));
  return { code, message, hint };
}

Deno.test("a command with --json tells a failure in JSON on stdout too, with the same exit code", async () => {
  const folder = Deno.makeTempDirSync();
  const places = ["--database", `${folder}/x.db`, "--messages-db", `${folder}/no.db`];
  await using line = new CommandLine();
  for (const [command, expected] of [["status", "no_database"], ["sync", "source_missing"]] as const) {
    const { code, stdout, stderr } = await line.run([command, "--json", ...places]);
    assert.equal(code, 1);
    const { code: told, message, hint } = failureOf(stdout);
    assert.equal(told, expected);
    assert.ok(typeof message === "string" && message !== "" && typeof hint === "string" && hint !== "");
    assert.ok(stderr.trimEnd().split("\n").at(-1)?.startsWith(message), stderr);
    assert.ok(!stderr.includes("Cannot sync"), "it is told once, and not in the log as well");
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test({
  name: "a command says in words what is wrong when stdout can't be written",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const { code, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        `'${Deno.execPath()}' run -A --no-prompt '${main}' status --json --database ${folder}/x.db > /dev/full`,
      ],
      stdin: "null",
    }).output();
    const words = new TextDecoder().decode(stderr);
    assert.equal(code, 1);
    assert.match(words, /^No ChatStats database at /);
    assert.ok(!words.includes("    at "), words);
    Deno.removeSync(folder);
  },
});

Deno.test("COMMAND --help shows the flags that the command takes, and none besides", async () => {
  await using line = new CommandLine();
  for (const command of COMMANDS) {
    const { stdout } = await line.run([...command.name.split(" "), "--help"]);
    const shown = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name).sort();
    assert.deepEqual(shown, flagsOf(command).map(({ name }) => name).sort(), command.name);
  }
  const { stdout } = await line.run(["sync", "--help"]);
  assert.ok(!stdout.includes("--port") && !stdout.includes("--token"));
});

Deno.test("help and version are commands as well as flags", async () => {
  await using line = new CommandLine();
  assert.deepEqual(await line.run(["help"]), await line.run(["--help"]));
  assert.deepEqual(await line.run(["help", "help"]), await line.run(["--help"]));
  assert.deepEqual(
    await line.run(["help", "contacts", "list"]),
    await line.run(["contacts", "list", "--help"]),
  );
  assert.deepEqual(await line.run(["version"]), await line.run(["--version"]));
});

Deno.test("main() names the variable and exits 2 when the environment is wrong", async () => {
  const { code, stderr } = await runProgram(["sync"], { CHATSTATS_PORT: "x" });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^CHATSTATS_PORT must be a whole number from 0 to 65535, not "x"; see `[^`]* help sync`\n$/,
  );
});

Deno.test("main() tells the parent on stdout too when the usage is wrong with --sidecar", async () => {
  for (const args of [["--sidecar", "--port", "x"], ["run", "--sidecar", "--prot", "1"]]) {
    const { code, stdout, stderr } = await runProgram(args);
    assert.equal(code, 2);
    const { type, code: reason, message, hint } = parseObject(stdout);
    assert.deepEqual({ type, reason }, { type: "fatal", reason: "usage" });
    assert.ok(typeof hint === "string" && hint !== "");
    assert.equal(`${message}; ${hint}\n`, stderr);
  }
});

Deno.test({
  name: "agent … says in one line that it is macOS only and exits 1 when it is typed elsewhere",
  ignore: Deno.build.os === "darwin",
  fn: async () => {
    const { code, stdout, stderr } = await runProgram(["agent", "install"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^The launchd agent is for macOS only\. [^\n]*\n$/);
  },
});

Deno.test("open exits 1 with one line when no instance runs", async () => {
  const folder = Deno.makeTempDirSync();
  const { code, stderr } = await runProgram(["open", "--database", `${folder}/x.db`]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^No dashboard to open: [^\n]* To start it: `npx -y deno@2\.9\.6 task start --database [^\n]*`\.\n$/,
  );
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  Deno.removeSync(folder);
});
