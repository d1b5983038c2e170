/**
 * The launchd user agent: put in place, taken away, looked at.
 *
 *     not installed ──install──▶ installed, loaded, running ──its process fails──▶ started again by launchd
 *                   ◀─uninstall─            └──install──▶ the same with another program or other flags (an update)
 *
 * Everything here is tested with a launchctl of ours alone: not run on a Mac yet.
 */
import type { AgentState } from "../model/agent_state.ts";
import { LiveSyncError } from "../model/errors.ts";
import type { Clock } from "../platform/clock.ts";
import { type CameUp, comeUp, type ComingUpPorts } from "./coming_up.ts";
import { appAround, isTranslocated } from "../platform/app_bundle.ts";
import {
  copyProgram,
  isThere,
  makeLogFolder,
  removeAgentFiles,
  removeCopy,
  resolved,
  writePlist,
} from "./files.ts";
import { type RunCommand, runWithin } from "../platform/run_command.ts";
import { type Launchd, load, printed, unload } from "./loading.ts";
import { type AgentPlaces, agentPlaces } from "./places.ts";
import { agentPlist } from "./plist.ts";
import { flagsIn, programIn } from "./plist_words.ts";
import { type AgentReport, agentReport } from "./state.ts";

/** What of the machine decides; tests have their own. */
export interface Machine {
  /** As `Deno.build.os` has it. */
  readonly os: string;
  /** Of the person; null where the system has none. */
  readonly uid: number | null;
  /** What runs now. */
  readonly program: { readonly path: string; readonly isCompiled: boolean };
  readonly run: RunCommand;
}

export function systemMachine(): Machine {
  return {
    os: Deno.build.os,
    uid: Deno.uid(),
    program: { path: Deno.execPath(), isCompiled: Deno.build.standalone },
    // launchctl answers within milliseconds.
    run: runWithin(30_000),
  };
}

export class Agent {
  readonly places: AgentPlaces;
  readonly #machine: Machine;
  readonly #launchd: Launchd;

  /** `home`: the person's. Throws LiveSyncError elsewhere than on a Mac, and for the root user. */
  constructor(home: string, clock: Clock, machine: Machine = systemMachine()) {
    const { os, uid, run } = machine;
    if (os !== "darwin" || uid === null) {
      throw new LiveSyncError(
        "macos_only",
        "The launchd agent is for macOS only",
        "Let this system's own service manager start the program, with --wait.",
      );
    }
    if (uid === 0) {
      throw new LiveSyncError(
        "not_for_root",
        "The agent can't be managed as root: it belongs to a person's session",
        "Type the same without sudo.",
      );
    }
    if (!home.startsWith("/")) {
      throw new LiveSyncError("no_home", "Your home folder is not known: HOME is not set", "Set it.");
    }
    this.places = agentPlaces(home);
    this.#machine = machine;
    this.#launchd = { run, clock, uid };
  }

  /**
   * Copies the running program, writes the plist with `flags` for `run`, and has launchd start it; an agent that is
   * there already is stopped, and replaced. From inside an app nothing is copied: launchd starts the app's own program,
   * so that the grant which the person gave the app holds for it too. Tells what came of it. Throws LiveSyncError.
   */
  async install(flags: readonly string[], ports: ComingUpPorts): Promise<CameUp> {
    const { program } = this.#machine;
    if (!program.isCompiled) {
      throw new LiveSyncError(
        "not_compiled",
        "Cannot install the agent from a checkout: it needs the compiled program",
        `Make one file of it (\`npx -y deno@${Deno.version.deno} task compile\`) and install that.`,
      );
    }
    const own = resolved(program.path);
    const isApp = appAround(own) !== null;
    if (isApp && isTranslocated(own)) {
      throw new LiveSyncError(
        "app_not_moved",
        "Cannot install the agent: macOS runs this app from a temporary place",
        "Move the app to the Applications folder in Finder, and do this again there.",
      );
    }
    const started = isApp ? own : this.places.binary;
    const plist = agentPlist({ program: started, log: this.places.log, flags });
    if (!isApp) await copyProgram(own, started);
    await unload(this.#launchd);
    if (isApp) await removeCopy(this.places);
    await makeLogFolder(this.places.log);
    await writePlist(this.places.plist, plist);
    await load(this.#launchd, this.places.plist);
    return await comeUp(this.#launchd, ports);
  }

  /** Stops it and removes its files, never the data; false where there was nothing. Throws LiveSyncError. */
  async uninstall(): Promise<boolean> {
    const before = await this.report();
    const wasThere = before.installed || before.running || isThere(this.places.binary);
    await unload(this.#launchd);
    await removeAgentFiles(this.places);
    return wasThere;
  }

  /** The flags for `run` of the agent that is installed; none where it has none, or is not installed. */
  flags(): readonly string[] {
    if (!isThere(this.places.plist)) return [];
    return flagsIn(Deno.readFileSync(this.places.plist));
  }

  /** What launchd starts: the copy, or the program of the app from which it was installed. */
  program(): string {
    if (!isThere(this.places.plist)) return this.places.binary;
    return programIn(Deno.readFileSync(this.places.plist)) ?? this.places.binary;
  }

  async report(): Promise<AgentReport> {
    const program = this.program();
    return agentReport({
      plistIsThere: isThere(this.places.plist),
      program,
      programIsThere: isThere(program),
      printed: await printed(this.#launchd),
    });
  }
}

/** For `doctor`; null elsewhere than on a Mac, and for the root user. */
export async function agentState(
  home: string,
  clock: Clock,
  machine: Machine = systemMachine(),
): Promise<AgentState | null> {
  if (machine.os !== "darwin" || !machine.uid) return null;
  const { installed, running, pid, programMissing, detail } = await new Agent(home, clock, machine).report();
  return { installed, running, pid, programMissing, detail };
}
