/** Ctrl-C on a real terminal, where it goes to every process of the foreground group, the task runner too. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { populate } from "../../src/simulator/populate.ts";
import { SLOW } from "../support/slow.ts";
import { temporaryChatDatabase } from "../simulator/support/temporary.ts";
import { until } from "../support/until.ts";
import { RunningProgram, runProgram } from "./support/program.ts";
import { commandOnTerminal, hasTerminal } from "./support/terminal.ts";
import { slowTest } from "../support/slow.ts";

const linux = { ignore: !hasTerminal || Deno.build.os !== "linux" };
const task = `'${Deno.execPath()}' task`;

/** Runs `command` with a folder for temporary files of its own, and sees that it leaves nothing there. */
async function leavingNothing(
  command: string,
  use: (program: RunningProgram) => Promise<void>,
): Promise<void> {
  const temp = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await using program = commandOnTerminal(command, { TMPDIR: temp });
    await use(program);
    deepEqual([...Deno.readDirSync(temp)].map(({ name }) => name), []);
  } finally {
    Deno.removeSync(temp, { recursive: true });
  }
}

async function stopAtFirstMessage(program: RunningProgram): Promise<void> {
  await program.lineOut((line) => /^\d\d:\d\d:\d\d {2}.+ \d+ ms\r$/.test(line));
  // As people press it; the task runner hands each press on as well.
  await program.type("\x03\x03");
  const { stdout } = await program.ended();
  match(stdout, /From Messages to the client: \d+ ms typically, \d+ ms at most\./);
}

Deno.test(
  "task demo prints its summary and leaves nothing behind when Ctrl-C is pressed, twice too",
  linux,
  async () => {
    await leavingNothing(`${task} demo --messages 5`, stopAtFirstMessage);
  },
);

for (
  const [when, isThen] of [
    ["at its beginning", (line: string) => line.startsWith("Time  ")],
    ["after a message", (line: string) => /^\d\d:\d\d:\d\d {2}.+ \d+ ms$/.test(line)],
  ] as const
) {
  Deno.test(
    `demo ends well when Ctrl-C reaches its Messages app before itself, ${when}`,
    { ignore: Deno.build.os !== "linux" },
    async () => {
      await using program = new RunningProgram(["demo", "--messages", "5"]);
      await program.lineOut(isThen);
      const messagesApp = () =>
        childrenOf(program.pid).find((pid) => commandOf(pid).includes("messages-app"));
      await until(() => messagesApp() !== undefined, "the simulated Messages app");
      const app = messagesApp() ?? 0;
      Deno.kill(app, "SIGINT");
      await until(() => !childrenOf(program.pid).includes(app), "the end of the Messages app");
      program.signal("SIGINT");
      const { code, stdout, stderr } = await program.ended();
      deepEqual([code, stderr], [0, ""]);
      match(stdout, /\n\d+ messages?[.,]/);
    },
  );
}

/** Whichever thread started them. */
function childrenOf(pid: number): number[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)]
    .flatMap(({ name }) => Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).split(" "))
    .filter((text) => text !== "").map(Number);
}

/** Empty for one that has ended meanwhile. */
function commandOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

Deno.test(
  "task demo does the same when it is started through npx",
  { ignore: linux.ignore || !SLOW },
  async () => {
    await leavingNothing("npx -y deno@2.9.6 task demo --messages 5", stopAtFirstMessage);
  },
);

Deno.test(
  "task demo shows how far it is and can be stopped when it writes a long history",
  linux,
  async () => {
    await leavingNothing(`${task} demo --messages 2000000`, async (program) => {
      await program.lineOut((line) => line.includes("None of your own data is touched"));
      await program.type("\x03");
      const { stdout } = await program.ended();
      match(stdout, /Writing 2,000,000 messages of history: \d %/);
      match(stdout, /Stopped before it began\. Nothing is left behind\./);
      ok(!stdout.includes("Imported"));
    });
  },
);

slowTest(
  "sync stops with words when it is interrupted twice, and the next one goes on from there",
  async () => {
    using file = temporaryChatDatabase();
    populate(file.db, { messages: 40_000, chats: 20 });
    const folder = Deno.realPathSync(Deno.makeTempDirSync());
    try {
      const database = `${folder}/chatstats.db`;
      const places = [
        "--database",
        database,
        "--messages-db",
        file.db.path,
        "--addressbook-dir",
        `${folder}/none`,
      ];
      Deno.mkdirSync(`${folder}/none`);
      await using program = new RunningProgram(["sync", ...places]);
      await until(() => [...Deno.readDirSync(folder)].some(({ name }) => name === "chatstats.db-wal"), "it");
      program.signal("SIGINT");
      program.signal("SIGINT");
      const { code, stdout, stderr } = await program.ended();
      deepEqual([code, stdout], [1, ""]);
      match(stderr, /^Stopped before the sync was complete\. /m);
      const next = await runProgram(["sync", "--json", ...places]);
      equal(next.code, 0, next.stderr);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
