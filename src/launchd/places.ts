/** Where the launchd user agent's files are. */

/** Its name for launchd, and of its plist. */
export const AGENT_LABEL = "com.chatstats.live-sync";

export interface AgentPlaces {
  /** The copy of the program that launchd starts: what Full Disk Access is granted to. */
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
