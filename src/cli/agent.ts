/** `agent …`: the launchd user agent. Not run on a Mac yet. */
import type { Config } from "../config.ts";
import { Agent, type Machine, systemMachine } from "../launchd/agent.ts";
import type { AgentPlaces } from "../launchd/places.ts";
import { appAround } from "../platform/app_bundle.ts";
import { readInstance } from "../platform/instance.ts";
import { agentFlags } from "./agent_flags.ts";
import { agentStatusJson, agentStatusText, installedText, uninstalledText } from "./agent_words.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT } from "./failure.ts";
import { JSON_FLAG, SHARED_FLAGS, sharedBut } from "./flags.ts";
import { healthOf } from "./remote.ts";

/** What `agent …` takes from outside: tests have a machine and an environment of their own. */
export interface AgentCommandPorts {
  readonly machine: () => Machine;
  readonly variable: (name: string) => string | undefined;
}

const systemPorts: AgentCommandPorts = { machine: systemMachine, variable: (name) => Deno.env.get(name) };

/** A token would stand in a file, and launchd is no parent to talk to: {@link agentFlags} says so. */
const NOT_FOR_AN_AGENT = ["--token", "--sidecar"];

/** The three commands; exported for its tests. Exported for its test. */
export function makeAgentCommands(ports: AgentCommandPorts): readonly Command[] {
  return [
    {
      name: "agent install",
      summary: "start at login, and again after a failure; once more: update it",
      description:
        "Copies this program to ~/Library/Application Support/ChatStats/bin (an app is left where it is) and has " +
        "launchd run it (with --wait) " +
        "now, at each login, and again after a failure. The flags and variables that you give with it are kept " +
        "for it, but never a token. Done again, it replaces the program, and the flags if you give any. macOS only, " +
        "and not run on a Mac yet.",
      flags: [],
      foreign: NOT_FOR_AN_AGENT,
      explains: NOT_FOR_AN_AGENT,
      run: (context) => install(context, ports),
    },
    {
      name: "agent uninstall",
      summary: "stop it and remove all of it but the data",
      description:
        "Stops the agent and removes its property list, its copy of the program and its log. The database " +
        "stays, and its place is told. macOS only, and not run on a Mac yet.",
      flags: [],
      foreign: sharedBut(["--database"]),
      run: (context) => uninstall(context, ports),
    },
    {
      name: "agent status",
      summary: "whether it is installed and runs",
      description:
        "Tells whether the agent is installed and runs, how it ended last, and where its files are. With " +
        "--json: installed, running, pid, detail, url, last_end, binary, plist, log. macOS only, and not run " +
        "on a Mac yet.",
      flags: [JSON_FLAG],
      foreign: sharedBut(["--database"]),
      run: (context) => status(context, ports),
    },
  ];
}

export const agentCommands: readonly Command[] = makeAgentCommands(systemPorts);

async function install(context: CommandContext, ports: AgentCommandPorts): Promise<number> {
  const config = context.config();
  const agent = new Agent(config.home, context.clock, ports.machine());
  const given = agentFlags(config, givenOf(context, ports));
  const before = agent.flags();
  // An update is no reason to move to another database: whoever gives no flags keeps those of before.
  const flags = given.length > 0 ? given : before;
  const database = databaseOf(flags, config);
  const came = await agent.install(flags, { holder: () => readInstance(database), health: healthOf });
  const notes = [
    ...given.length === 0 && before.length > 0 ? [`Kept from before: ${before.join(" ")}`] : [],
    ...ports.variable("CHATSTATS_TOKEN")
      ? [
        "CHATSTATS_TOKEN is not kept: each start makes a new token; instance.json beside the database tells it.",
      ]
      : [],
  ];
  context.io.out(installedText(came, placesOf(agent), database, context.line, notes));
  return came.kind === "not_yet" ? EXIT.failed : EXIT.done;
}

/** With the program that launchd starts in the place of the copy, which an app does without. */
function placesOf(agent: Agent): AgentPlaces {
  return { ...agent.places, binary: agent.program() };
}

/** The one that a `run` with these flags has. */
function databaseOf(flags: readonly string[], config: Config): string {
  const at = flags.indexOf("--database");
  return at < 0 ? config.database : flags[at + 1] ?? config.database;
}

function givenOf(context: CommandContext, ports: AgentCommandPorts) {
  const named = (name: string) => SHARED_FLAGS.find((flag) => flag.name === name);
  const byFlag = (name: string) => {
    const flag = named(name);
    return flag !== undefined && context.flag(flag) !== undefined;
  };
  return {
    flag: byFlag,
    anyhow: (name: string) => byFlag(name) || !!ports.variable(named(name)?.variable ?? ""),
  };
}

async function uninstall(context: CommandContext, ports: AgentCommandPorts): Promise<number> {
  const config = context.config();
  const agent = new Agent(config.home, context.clock, ports.machine());
  const database = databaseOf(agent.flags(), config);
  const isApp = appAround(agent.program()) !== null;
  context.io.out(uninstalledText(await agent.uninstall(), { database, isApp }));
  return EXIT.done;
}

async function status(context: CommandContext, ports: AgentCommandPorts): Promise<number> {
  const config = context.config();
  const agent = new Agent(config.home, context.clock, ports.machine());
  const report = await agent.report();
  const info = readInstance(databaseOf(agent.flags(), config))?.info ?? null;
  const url = info !== null && info.pid === report.pid ? info.url : null;
  const told = { ...report, url };
  context.io.out(
    context.flag(JSON_FLAG)
      ? agentStatusJson(told, placesOf(agent))
      : agentStatusText(told, placesOf(agent), context.line),
  );
  return EXIT.done;
}
