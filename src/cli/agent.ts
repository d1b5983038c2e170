/** `agent …`: the launchd user agent. */
import { notBuiltYet } from "./not_built_yet.ts";

export const agentCommands = [
  notBuiltYet({
    name: "agent install",
    summary: "start at login, and again after a failure",
    description: "Installs a launchd user agent (macOS) that runs `run --wait`.\n\n" +
      "Not built yet: a later version brings it.",
    flags: [],
  }),
  notBuiltYet({
    name: "agent uninstall",
    summary: "stop it and don't start at login any more",
    description: "Stops the launchd user agent and removes it.\n\nNot built yet: a later version brings it.",
    flags: [],
  }),
  notBuiltYet({
    name: "agent status",
    summary: "whether it is installed and runs",
    description: "Tells whether the launchd user agent is installed and runs.\n\n" +
      "Not built yet: a later version brings it.",
    flags: [],
  }),
] as const;
