/** How things stand, in one or two words: pure. */
import type { SyncState } from "../../../model/events.ts";
import type { ConnectionState } from "../connection_state.ts";

export interface StateLabel {
  readonly label: string;
  readonly tone: "good" | "busy" | "bad";
}

const STATES: Readonly<Record<SyncState, StateLabel>> = {
  starting: { label: "Starting", tone: "busy" },
  importing: { label: "Importing", tone: "busy" },
  live: { label: "Live", tone: "good" },
  needs_permission: { label: "Needs permission", tone: "bad" },
  source_missing: { label: "Messages not found", tone: "bad" },
  failed: { label: "Not syncing", tone: "bad" },
};

/** Without a connection nothing else that we know is certain. */
export function stateLabel(connection: ConnectionState, state: SyncState | null): StateLabel {
  if (connection.kind === "waiting") return { label: "Reconnecting", tone: "bad" };
  if (connection.kind !== "open" || state === null) return { label: "Connecting", tone: "busy" };
  return STATES[state];
}
