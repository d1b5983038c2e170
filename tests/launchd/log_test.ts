/** The log that launchd appends to and nobody rotates. */
import { equal, ok } from "node:assert/strict";
import { cutAgentLog } from "../../src/launchd/files.ts";
import { AGENT_LABEL, agentPlaces } from "../../src/launchd/places.ts";
import { folderOf } from "../../src/platform/paths.ts";
import { runProgram } from "../cli/support/program.ts";

const LIMITS = { most: 1_000, kept: 308 };

function withLog(text: string | null, test: (home: string, log: string) => void): void {
  const home = Deno.makeTempDirSync({ prefix: "chatstats-log-" });
  const { log } = agentPlaces(home);
  if (text !== null) {
    Deno.mkdirSync(folderOf(log), { recursive: true });
    Deno.writeTextFileSync(log, text);
  }
  test(home, log);
  Deno.removeSync(home, { recursive: true });
}

const lines = Array.from({ length: 100 }, (_, i) => `line number ${i}\n`).join("");

Deno.test("cutAgentLog() keeps the last whole lines in the same file when the log is overlong", () => {
  withLog(lines, (home, log) => {
    // As launchd has it: open for appending before the program starts.
    using appending = Deno.openSync(log, { append: true });
    cutAgentLog(home, AGENT_LABEL, LIMITS);
    appending.writeSync(new TextEncoder().encode("new\n"));
    const text = Deno.readTextFileSync(log);
    ok(text.length <= LIMITS.kept + 4);
    ok(text.length > LIMITS.kept - 20);
    ok(text.startsWith("line number ") && text.endsWith("line number 99\nnew\n"), text);
    ok(lines.endsWith(text.slice(0, -4)));
  });
});

Deno.test("cutAgentLog() leaves the log alone when it is short, or when it is not launchd that started us", () => {
  const short = lines.slice(0, 900);
  withLog(short, (home, log) => {
    cutAgentLog(home, AGENT_LABEL, LIMITS);
    equal(Deno.readTextFileSync(log), short);
  });
  withLog(lines, (home, log) => {
    for (const startedAs of [undefined, "0", "application.com.apple.Terminal.1"]) {
      cutAgentLog(home, startedAs, LIMITS);
    }
    equal(Deno.readTextFileSync(log), lines);
  });
});

Deno.test("cutAgentLog() lets the program start when there is no log", () => {
  withLog(null, (home) => cutAgentLog(home, AGENT_LABEL, LIMITS));
});

Deno.test("run cuts the agent's log when launchd starts it", async () => {
  const home = Deno.makeTempDirSync({ prefix: "chatstats-log-" });
  const { log } = agentPlaces(home);
  Deno.mkdirSync(folderOf(log), { recursive: true });
  Deno.writeTextFileSync(log, "a line of the log\n".repeat(600_000));
  // With another home Deno would look for its packages there.
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
  // It need not run for long: that place can't be written.
  const { code } = await runProgram(["run", "--database", "/dev/null/x.db"], {
    HOME: home,
    DENO_DIR: denoDir,
    XPC_SERVICE_NAME: AGENT_LABEL,
  });
  equal(code, 1);
  const { size } = Deno.statSync(log);
  ok(size > 900_000 && size <= 1_000_000, `${size} bytes`);
  Deno.removeSync(home, { recursive: true });
});
