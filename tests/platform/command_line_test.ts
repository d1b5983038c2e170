import { equal, ok } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../src/cli/main.ts";
import { commandLineOf, type Started } from "../../src/platform/command_line.ts";

const checkout: Started = {
  standalone: false,
  executable: "/root/.npm/deno",
  mainModule: "file:///home/j/My%20things/live-sync/main.ts",
  cwd: "/home/j/My things/live-sync/src",
  denoVersion: "2.9.6",
};
const binary: Started = {
  ...checkout,
  standalone: true,
  executable: "/Users/j/Downloads/chatstats-live-sync",
};

Deno.test("commandLineOf() gives a task when the program runs from a checkout", () => {
  const line = commandLineOf(checkout);
  equal(line("run"), "npx -y deno@2.9.6 task start");
  equal(line("run --wait"), "npx -y deno@2.9.6 task start --wait");
  equal(line("contacts list"), "npx -y deno@2.9.6 task contacts list");
});

Deno.test("commandLineOf() names the checkout when the program was started from elsewhere", () => {
  equal(
    commandLineOf({ ...checkout, cwd: "/tmp" })("doctor"),
    "npx -y deno@2.9.6 task --cwd '/home/j/My things/live-sync' doctor",
  );
});

Deno.test("commandLineOf() gives the program's own path when it is a binary, quoted for a shell", () => {
  equal(commandLineOf(binary)("run"), "/Users/j/Downloads/chatstats-live-sync run");
  equal(
    commandLineOf({ ...binary, executable: "/Users/j/Jane's/live-sync" })("status"),
    "'/Users/j/Jane'\\''s/live-sync' status",
  );
});

Deno.test("commandLineOf() runs the module itself when it is no main.ts of a checkout", () => {
  equal(
    commandLineOf({ ...checkout, mainModule: "file:///x/other.ts" })("run"),
    "npx -y deno@2.9.6 run -A --no-prompt /x/other.ts run",
  );
});

Deno.test("commandLineOf() repeats the places that were typed, but not for the agent, which has its own", () => {
  const line = commandLineOf(binary, ["--database", "/tmp/my data.db"]);
  equal(line("open"), "/Users/j/Downloads/chatstats-live-sync open --database '/tmp/my data.db'");
  equal(line("agent status"), "/Users/j/Downloads/chatstats-live-sync agent status");
});

Deno.test("deno.json has a task for the first word of every command, and `start` for run", () => {
  const tasks = new Map<string, string>(Object.entries(manifest.tasks));
  for (const { name } of COMMANDS) {
    const [first = ""] = name.split(" ");
    const task = first === "run" ? "start" : first;
    ok(tasks.get(task)?.endsWith(` main.ts ${first}`), `task ${task}`);
  }
});
