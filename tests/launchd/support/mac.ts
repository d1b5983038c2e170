/**
 * A Mac as far as `agent …` sees one: a home folder of its own with real files, a launchd that behaves as the real one
 * is told to (by its manual and by issue threads; no Mac was at hand), and a clock whose time passes at once.
 */
import { AGENT_LABEL, type AgentPlaces, agentPlaces } from "../../../src/launchd/places.ts";
import type { Machine } from "../../../src/launchd/agent.ts";
import type { Ran } from "../../../src/platform/run_command.ts";
import { fastClock } from "../../support/fast_clock.ts";

export const UID = 501;

export class Mac implements Disposable {
  readonly home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-mac-" }));
  readonly places: AgentPlaces = agentPlaces(this.home);
  readonly clock = fastClock();
  readonly calls: string[][] = [];
  /** The program that the person starts. */
  readonly download = `${this.home}/Downloads/chatstats-live-sync`;
  /** Calls of `print` that still find the job after it was booted out. */
  lingers = 0;
  /** Times that `bootstrap` still fails with 5. */
  refusals = 0;
  /** What `print` says of a job that is loaded. */
  printsAs = runningJob(4_711);
  isLoaded = false;
  #lingering = 0;

  constructor() {
    Deno.mkdirSync(`${this.home}/Downloads`);
    this.putDownload("program 1");
  }

  putDownload(text: string): void {
    Deno.writeTextFileSync(this.download, text);
  }

  machine(changes: Partial<Machine> = {}): Machine {
    return {
      os: "darwin",
      uid: UID,
      program: { path: this.download, isCompiled: true },
      run: (argv) => Promise.resolve(this.#launchctl(argv)),
      ...changes,
    };
  }

  /** First words of the calls, `print` left out. */
  get deeds(): string[] {
    return this.calls.map(([, verb = ""]) => verb).filter((verb) => verb !== "print");
  }

  #launchctl(argv: readonly string[]): Ran {
    this.calls.push([...argv]);
    switch (argv[1]) {
      case "bootout":
        if (!this.isLoaded) return failed(3, "Boot-out failed: 3: No such process");
        this.isLoaded = false;
        this.#lingering = this.lingers;
        return done("");
      case "bootstrap":
        if (this.#lingering > 0 || this.refusals > 0) {
          this.refusals--;
          return failed(
            5,
            "Bootstrap failed: 5: Input/output error\nTry re-running the command as root for richer errors.\n",
          );
        }
        this.isLoaded = true;
        return done("");
      case "print":
        if (this.isLoaded) return done(this.printsAs);
        if (this.#lingering-- > 0) return done(this.printsAs);
        return failed(113, `Could not find service "${AGENT_LABEL}" in domain for user gui: ${UID}\n`);
    }
    return done("");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.home, { recursive: true });
  }
}

function done(stdout: string): Ran {
  return { code: 0, stdout, stderr: "" };
}

function failed(code: number, stderr: string): Ran {
  return { code, stdout: "", stderr };
}

export function runningJob(pid: number): string {
  return printedJob(`\tstate = running\n`, `\truns = 1\n\tpid = ${pid}\n\tlast exit code = (never exited)\n`);
}

export function endedJob(last: string): string {
  return printedJob(`\tstate = spawn scheduled\n`, `\truns = 7\n\tlast ${last}\n`);
}

/** The form of `launchctl print gui/UID/LABEL`, with the blocks that have words like its own in them. */
function printedJob(state: string, end: string): string {
  return `gui/${UID}/${AGENT_LABEL} = {
\tactive count = 1
\tpath = /Users/jane/Library/LaunchAgents/${AGENT_LABEL}.plist
\ttype = LaunchAgent
${state}
\tprogram = /Users/jane/Library/Application Support/ChatStats/bin/chatstats-live-sync
\targuments = {
\t\t/Users/jane/Library/Application Support/ChatStats/bin/chatstats-live-sync
\t\trun
\t\t--wait
\t}

\tstdout path = /Users/jane/Library/Logs/ChatStats/live-sync.log
\tstderr path = /Users/jane/Library/Logs/ChatStats/live-sync.log
\tinherited environment = {
\t\tSSH_AUTH_SOCK => /private/tmp/com.apple.launchd.X/Listeners
\t}

\tdefault environment = {
\t\tPATH => /usr/bin:/bin:/usr/sbin:/sbin
\t}

\tenvironment = {
\t\tXPC_SERVICE_NAME => ${AGENT_LABEL}
\t}

\tdomain = gui/${UID} [100005]
\tasid = 100005
\tminimum runtime = 10
\texit timeout = 5
${end}
\tspawn type = daemon (3)
\tjetsam priority = 40
\tsubmitted job. last exit code = 9
\tresource coalition = {
\t\tID = 611
\t\ttype = resource
\t\tstate = active
\t\tpid = 1
\t\tlast exit code = 12
\t}

\tproperties = keepalive | runatload | inferred program
}
`;
}
