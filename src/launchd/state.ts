/** From files and launchd's words to the agent's state. Pure. */
import type { AgentState } from "../model/agent_state.ts";
import { appAround } from "../platform/app_bundle.ts";
import type { Printed } from "./job.ts";

export interface AgentFacts {
  readonly plistIsThere: boolean;
  /** What the plist has launchd start. */
  readonly program: string;
  readonly programIsThere: boolean;
  readonly printed: Printed;
}

export interface AgentReport extends AgentState {
  /** How its process ended last, in launchd's words; null where it has not, or launchd does not say. */
  readonly lastEnd: string | null;
}

export function agentReport(facts: AgentFacts): AgentReport {
  const { plistIsThere: installed, printed } = facts;
  const job = printed.kind === "job" ? printed.job : null;
  return {
    installed,
    running: job?.isRunning ?? false,
    pid: job?.isRunning ? job.pid : null,
    programMissing: installed && !facts.programIsThere,
    lastEnd: job?.lastEnd ?? null,
    detail: detailOf(facts),
  };
}

function detailOf({ plistIsThere, program, programIsThere, printed }: AgentFacts): string {
  if (!plistIsThere) {
    return printed.kind === "job"
      ? "Not installed, though launchd still knows it: uninstall it to make launchd forget it."
      : "Not installed.";
  }
  if (!programIsThere) return missingDetail(program);
  switch (printed.kind) {
    case "failed":
      return `Installed; launchd does not say whether it runs (${printed.words}).`;
    case "unknown_to_launchd":
      return "Installed, but launchd has not loaded it: log in again, or install it again.";
    case "job":
      return jobDetail(printed.job);
  }
}

/** A process that was started before may go on; the next login, or the next failure, finds nothing to start. */
function missingDetail(program: string): string {
  const app = appAround(program);
  return app === null
    ? "Installed, but its copy of the program is gone: install it again."
    : `Installed, but ${app.name}.app was moved or deleted, it is not at ${app.path} any more: ` +
      "move it back, or install the agent again from where the app is now.";
}

function jobDetail({ isRunning, pid, lastEnd }: Extract<Printed, { kind: "job" }>["job"]): string {
  if (isRunning) return `Installed and running as process ${pid}.`;
  if (lastEnd === null) return "Installed, but not running: launchd has not started it yet.";
  const how = /^\d+(?:: [A-Z]|$)/.test(lastEnd) ? `exit code ${lastEnd}` : lastEnd;
  return `Installed, but not running: it ended last with ${how}.`;
}
