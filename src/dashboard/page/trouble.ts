/** What stands in the way of syncing, and what the reader can do: pure. */
import type { SyncState } from "../../model/events.ts";
import type { StatusReport } from "../../model/status.ts";

export interface Trouble {
  readonly severity: "stop" | "note";
  readonly title: string;
  /** What it means and what to do, in sentences. */
  readonly words: readonly string[];
  /** One step after the other; empty where the words say all. */
  readonly steps: readonly string[];
  /** Leads to the page of System Settings where it is mended. */
  readonly settings: string | null;
}

/** The list of programs that may read everything, in System Settings. Exported for its test. */
export const FULL_DISK_ACCESS = "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles";

const STEPS = [
  "Open System Settings, Privacy & Security, Full Disk Access.",
  "Switch on chatstats-live-sync, or the app that started it (Terminal, ChatStats).",
  "Come back here: it is tried again every few seconds. If macOS offers to quit and reopen the app, let it.",
];

/** The last `state.changed`, when it is newer than the status. */
export interface StateWords {
  readonly state: SyncState;
  readonly reason: string;
  readonly hint: string;
}

export function troubles(status: StatusReport, told: StateWords | null): readonly Trouble[] {
  const messages = status.sources.find(({ kind }) => kind === "messages");
  const hint = sentence(told?.state === status.state && told.hint !== "" ? told.hint : messages?.hint ?? "");
  const reason = sentence(told?.state === status.state ? told.reason : "");
  const stop = (title: string, words: readonly string[], steps: readonly string[] = []): Trouble => ({
    severity: "stop",
    title,
    words: words.filter((word) => word !== ""),
    steps,
    settings: steps.length > 0 ? FULL_DISK_ACCESS : null,
  });
  const found: Trouble[] = [];
  if (status.state === "needs_permission") {
    found.push(stop("Messages can’t be read yet: macOS asks for your permission", [NOTHING_LEAVES], STEPS));
  } else if (status.state === "source_missing") {
    found.push(stop("Messages’ database isn’t there", [reason, hint]));
  } else if (status.state === "failed") {
    found.push(stop("Syncing has stopped", [reason, hint || TRIED_AGAIN]));
  }
  return [...found, ...contactsTrouble(status)];
}

const NOTHING_LEAVES = "What is read stays in a database on this Mac; nothing is sent anywhere.";
const TRIED_AGAIN = "It is tried again by itself; the program’s log says more.";

function contactsTrouble(status: StatusReport): readonly Trouble[] {
  const contacts = status.sources.find(({ kind }) => kind === "contacts");
  if (!contacts || contacts.state === "ok") return [];
  const needsPermission = contacts.state === "needs_permission";
  // One permission opens both.
  if (needsPermission && status.state === "needs_permission") return [];
  return [{
    severity: "note",
    title: needsPermission ? "Names are missing: Contacts can’t be read" : "Names may be missing",
    words: [sentence(contacts.hint)].filter((word) => word !== ""),
    steps: [],
    settings: needsPermission ? FULL_DISK_ACCESS : null,
  }];
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
