/** `agent …` as typed on a {@link Mac}: parsed, configured and run as the command line does it. */
import { makeAgentCommands } from "../../../src/cli/agent.ts";
import { exitCodeOf, failureText } from "../../../src/cli/failure.ts";
import { parse } from "../../../src/cli/program.ts";
import { runCommand } from "../../../src/cli/run.ts";
import { configFixture } from "../../support/config.ts";
import type { Machine } from "../../../src/launchd/agent.ts";
import type { Mac } from "./mac.ts";

export interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  readonly machine?: Partial<Machine>;
}

const line = (words: string) => `chatstats-live-sync ${words}`;

export async function typed(mac: Mac, words: string, circumstances: Circumstances = {}): Promise<Typed> {
  const { env = {}, machine = {} } = circumstances;
  const commands = makeAgentCommands({
    machine: () => mac.machine(machine),
    variable: (name) => env[name],
  });
  const said = { out: "", err: "" };
  try {
    const invocation = parse(words.split(" "), {
      commands,
      fallback: runCommand,
      version: "0",
      line,
      columns: 80,
    });
    if (invocation.kind === "print") throw new Error("That asks for help");
    const code = await invocation.command.run({
      io: {
        out: (text) => said.out += text,
        err: (text) => said.err += text,
        outIsTerminal: true,
        errIsTerminal: true,
        columns: () => 80,
      },
      clock: mac.clock,
      config: () =>
        configFixture({
          flags: invocation.flags,
          env,
          home: mac.home,
          cwd: `${mac.home}/Downloads`,
          randomToken: () => "a-random-token",
          isTerminal: true,
        }),
      flag: invocation.flag,
      given: () => false,
      line,
      operands: invocation.operands,
      bare: false,
      permissionHint: () => "",
      exitNow: () => {},
    });
    return { code, ...said };
  } catch (error) {
    return { code: exitCodeOf(error), out: said.out, err: said.err + failureText(error, null).trimEnd() };
  }
}
