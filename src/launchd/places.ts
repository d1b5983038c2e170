/** Where the launchd user agent's files are. */
import { BUNDLE_ID } from "../platform/app_bundle.ts";

/** Its name for launchd, and of its plist: Login Items know the agent by the app then. */
export const AGENT_LABEL = BUNDLE_ID;

export interface AgentPlaces {
  /** The copy of a bare program that launchd starts; an app is started where it lies. Full Disk Access is granted to it. */
  readonly binary: string;
  readonly plist: string;
  /** The program's stderr, and stdout, on which `run` says nothing. */
  readonly log: string;
}

/** `home`: the person's home folder, an absolute path. */
export function agentPlaces(home: string): AgentPlaces {
  const library = `${home}/Library`;
  return {
    binary: `${library}/Application Support/ChatStats/bin/chatstats-live-sync`,
    plist: `${library}/LaunchAgents/${AGENT_LABEL}.plist`,
    log: `${library}/Logs/ChatStats/live-sync.log`,
  };
}
