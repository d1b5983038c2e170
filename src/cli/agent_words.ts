/** What `agent …` says. Pure. */
import type { CameUp } from "../launchd/coming_up.ts";
import type { AgentPlaces } from "../launchd/places.ts";
import type { AgentReport } from "../launchd/state.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { permissionHint } from "../platform/full_disk_access.ts";
import { aligned } from "./words.ts";

/** After `agent install`. `notes`: what the person should know besides. */
export function installedText(
  came: CameUp,
  places: AgentPlaces,
  database: string,
  line: CommandLine,
  notes: readonly string[] = [],
): string {
  const rows: [string, string][] = [
    ["Program", places.binary],
    ["Started by", places.plist],
    ["Log", places.log],
    ["Database", database],
  ];
  return [
    `${headline(came)}\n`,
    aligned(rows),
    ...[...notes, ...whatNext(came, places, line)].map((line) => `${line}\n`),
    `It starts again at each login.\nTo see how it is: ${line("agent status")}\nTo remove it: ${
      line("agent uninstall")
    }\n`,
  ].join("\n");
}

function headline(came: CameUp): string {
  switch (came.kind) {
    case "serving":
      return `The agent is installed and runs as process ${came.pid} at ${came.url}.`;
    case "waiting":
      return `The agent is installed and runs as process ${came.pid}; it takes over when process ${came.holder}, ` +
        "which holds the database now, ends.";
    case "not_yet":
      return "The agent is installed, but does not serve yet" +
        (came.lastEnd === null ? "." : `: its process ended last with ${came.lastEnd}.`);
  }
}

function whatNext(came: CameUp, places: AgentPlaces, line: CommandLine): string[] {
  if (came.kind === "not_yet") return [`The log tells why. To check everything: ${line("doctor")}`];
  const state = came.kind === "serving" ? came.state : null;
  if (state === "importing" || state === "live") return ["It may read Messages: nothing is left to grant."];
  if (state === "needs_permission") return [`It may not read Messages yet. ${grant(places, line)}`];
  if (state === "source_missing" || state === "failed") {
    return [`It does not sync yet. To see why: ${line("doctor")}`];
  }
  return [`If it may not read Messages: ${grant(places, line)}`];
}

/** What a person has to switch on for what launchd starts. */
function grant({ binary }: AgentPlaces, line: CommandLine): string {
  return permissionHint({
    os: "darwin",
    executable: binary,
    sidecar: false,
    onTerminal: false,
    termProgram: null,
    overSsh: false,
    bundle: null,
  }).replace("start this program again", `do this again: ${line("agent install")}`);
}

/** After `agent uninstall`. */
export function uninstalledText(
  wasThere: boolean,
  { database, isApp }: { readonly database: string; readonly isApp: boolean },
): string {
  const what = isApp ? "its log; the app stays" : "its copy of the program and its log";
  const first = wasThere ? `The agent is stopped and removed, with ${what}.` : "The agent was not installed.";
  return `${first}\nYour data stay where they are: ${database}\n`;
}

export interface AgentStatus extends AgentReport {
  /** Where it serves; null where it does not. */
  readonly url: string | null;
}

export function agentStatusText(status: AgentStatus, places: AgentPlaces, line: CommandLine): string {
  const next = status.running && !status.programMissing ? "" : `To install it: ${line("agent install")}\n`;
  if (!status.installed) return `${status.detail}\n${next}`;
  const rows: [string, string][] = [
    ...status.url === null ? [] : [["Serves", status.url] as [string, string]],
    ["Program", places.binary],
    ["Started by", places.plist],
    ["Log", places.log],
  ];
  return `${status.detail}\n${next}\n${aligned(rows)}`;
}

/** `agent status --json`. */
export function agentStatusJson(status: AgentStatus, places: AgentPlaces): string {
  const { installed, running, pid, detail, url, lastEnd } = status;
  return `${JSON.stringify({ installed, running, pid, detail, url, last_end: lastEnd, ...places })}\n`;
}
