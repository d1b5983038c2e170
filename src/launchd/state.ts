/** From files and launchd's words to the agent's state. Pure. */
import type { AgentState } from "../model/agent_state.ts";
import type { Printed } from "./job.ts";

export interface AgentFacts {
  readonly plistIsThere: boolean;
  readonly binaryIsThere: boolean;
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
    lastEnd: job?.lastEnd ?? null,
    detail: detailOf(facts),
  };
}

function detailOf({ plistIsThere, binaryIsThere, printed }: AgentFacts): string {
  if (!plistIsThere) {
    return printed.kind === "job"
      ? "Not installed, though launchd still knows it: uninstall it to make launchd forget it."
      : "Not installed.";
  }
  if (!binaryIsThere) return "Installed, but its copy of the program is gone: install it again.";
  switch (printed.kind) {
    case "failed":
      return `Installed; launchd does not say whether it runs (${printed.words}).`;
    case "unknown_to_launchd":
      return "Installed, but launchd has not loaded it: log in again, or install it again.";
    case "job":
      return jobDetail(printed.job);
  }
}

function jobDetail({ isRunning, pid, lastEnd }: Extract<Printed, { kind: "job" }>["job"]): string {
  if (isRunning) return `Installed and running as process ${pid}.`;
  if (lastEnd === null) return "Installed, but not running: launchd has not started it yet.";
  const how = /^\d+(?:: [A-Z]|$)/.test(lastEnd) ? `exit code ${lastEnd}` : lastEnd;
  return `Installed, but not running: it ended last with ${how}.`;
}
