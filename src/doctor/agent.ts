/** The launchd user agent, which starts the program at login. */
import type { AgentState } from "../model/agent_state.ts";
import { type Check, failed, passed } from "./check.ts";

/** Pure. `state`: null on a system that has no launchd. */
export function agentCheck(state: AgentState | null): Check {
  if (state === null) return passed("agent", "There is no launchd here: the agent is macOS only.");
  if (!state.installed) {
    return passed("agent", "Not installed: `agent install` starts the program at every login.");
  }
  if (state.running) return passed("agent", state.detail);
  return failed(
    "agent",
    state.detail,
    "Type `agent install` once more; if it stays so, `agent status` tells more.",
  );
}
