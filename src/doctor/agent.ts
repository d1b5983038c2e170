/** The launchd user agent, which starts the program at login. */
import type { AgentState } from "../model/agent_state.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { type Check, failed, passed } from "./check.ts";

/** Pure. `state`: null on a system that has no launchd. */
export function agentCheck(state: AgentState | null, line: CommandLine): Check {
  if (state === null) return passed("agent", "There is no launchd here: the agent is macOS only.");
  if (!state.installed) {
    return passed(
      "agent",
      `Not installed. To start the program at every login: \`${line("agent install")}\`.`,
    );
  }
  if (state.running && !state.programMissing) return passed("agent", state.detail);
  return failed(
    "agent",
    state.detail,
    `Install it once more: \`${line("agent install")}\`. If that does not help: \`${line("agent status")}\`.`,
  );
}
