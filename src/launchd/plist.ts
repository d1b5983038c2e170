/** The agent's property list, as launchd.plist(5) has it. Pure. */
import { isPlistText, xmlPlist } from "../apple_formats/plist_writer.ts";
import { LiveSyncError } from "../model/errors.ts";
import { BUNDLE_ID } from "../platform/app_bundle.ts";
import { AGENT_LABEL } from "./places.ts";

export interface AgentPlistOptions {
  /** The program that launchd starts: the copy, or the app's own. */
  readonly program: string;
  /** Where stderr and stdout go. */
  readonly log: string;
  /** Flags for `run` besides `--wait`; never a token, as every program of the person can read the file. */
  readonly flags: readonly string[];
}

/** Seconds between two starts: launchd's own least. */
const THROTTLE_SECONDS = 10;

/**
 * The whole file. `--wait`: beside an instance that the person started, `run` alone would end and be started again
 * every ten seconds. `SuccessfulExit` false: an end on purpose stays one, a failure is followed by a new start.
 * `Standard`: `Background` would slow down timers and disk. `AssociatedBundleIdentifiers`: Login Items show the app's
 * name and icon, and not the name of whoever signed it (samschott/maestral-cocoa#47). Throws LiveSyncError for what XML
 * can't hold.
 */
export function agentPlist({ program, log, flags }: AgentPlistOptions): string {
  const words = [program, "run", "--wait", ...flags];
  if (![...words, log].every(isPlistText)) {
    throw new LiveSyncError(
      "agent_files",
      "Cannot write the agent's property list: a path or flag has a character that it can't hold",
      "Use a path without line breaks and other control characters.",
    );
  }
  return xmlPlist({
    Label: AGENT_LABEL,
    AssociatedBundleIdentifiers: BUNDLE_ID,
    ProgramArguments: words,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: THROTTLE_SECONDS,
    ProcessType: "Standard",
    StandardOutPath: log,
    StandardErrorPath: log,
  });
}
