/** The agent's property list, as launchd.plist(5) has it. Pure. */
import { LiveSyncError } from "../model/errors.ts";
import { AGENT_LABEL, type AgentPlaces } from "./places.ts";

export interface AgentPlistOptions {
  readonly places: AgentPlaces;
  /** Flags for `run` besides `--wait`; never a token, as every program of the person can read the file. */
  readonly flags: readonly string[];
}

/** Seconds between two starts: launchd's own least. */
const THROTTLE_SECONDS = 10;

/**
 * The whole file. `--wait`: beside an instance that the person started, `run` alone would end and be started again
 * every ten seconds. `SuccessfulExit` false: an end on purpose stays one, a failure is followed by a new start.
 * `Standard`: `Background` would slow down timers and disk. Throws LiveSyncError for what XML can't hold.
 */
export function agentPlist({ places, flags }: AgentPlistOptions): string {
  const words = [places.binary, "run", "--wait", ...flags];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    ...entry("Label", text(AGENT_LABEL)),
    ...entry("ProgramArguments", ["<array>", ...words.flatMap(text).map(indented), "</array>"]),
    ...entry("RunAtLoad", ["<true/>"]),
    ...entry("KeepAlive", ["<dict>", ...entry("SuccessfulExit", ["<false/>"]), "</dict>"]),
    ...entry("ThrottleInterval", [`<integer>${THROTTLE_SECONDS}</integer>`]),
    ...entry("ProcessType", text("Standard")),
    ...entry("StandardOutPath", text(places.log)),
    ...entry("StandardErrorPath", text(places.log)),
    "</dict>",
    "</plist>",
    "",
  ].join("\n");
}

function entry(key: string, value: readonly string[]): string[] {
  return [`<key>${key}</key>`, ...value].map(indented);
}

function indented(line: string): string {
  return `\t${line}`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function text(value: string): [string] {
  if (/\p{Cc}|[\uFFFE\uFFFF]/u.test(value) || !value.isWellFormed()) {
    throw new LiveSyncError(
      "agent_files",
      "Cannot write the agent's property list as a path or a flag has a character that can't stand in it",
      "Use a path without line breaks and other control characters.",
    );
  }
  return [`<string>${value.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)}</string>`];
}
