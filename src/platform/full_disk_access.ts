/**
 * What has to be done when the system does not let us read Messages or Contacts: who needs Full Disk Access depends on
 * who started this program, because macOS asks the app that is responsible for a process, not the process. Pure.
 *
 * No API tells that the grant is missing (it shows when a file is opened), none tells who the responsible one is: it is
 * inferred from what stands in the environment. Not run on a Mac yet.
 */
import { appAround, isTranslocated } from "./app_bundle.ts";

/** What is known of how this program was started. */
export interface Surroundings {
  /** As `Deno.build.os` has it. */
  readonly os: string;
  /** The file that runs: our own binary, or Deno. */
  readonly executable: string;
  /** Started by an app that speaks with it over stdin and stdout. */
  readonly sidecar: boolean;
  /** stdin, stdout or stderr is a terminal. */
  readonly onTerminal: boolean;
  /** `TERM_PROGRAM`: which terminal. */
  readonly termProgram: string | null;
  /** `SSH_CONNECTION` is set: it was started from another machine. */
  readonly overSsh: boolean;
  /** `__CFBundleIdentifier`: the app from which the environment came. */
  readonly bundle: string | null;
}

/** Who needs the grant. */
export type Grantee =
  /** The app that started us. */
  | { readonly kind: "app"; readonly bundle: string | null }
  /** The terminal that we run in; null: which one is not known. */
  | { readonly kind: "terminal"; readonly name: string | null }
  /** Whoever logs in from another machine. */
  | { readonly kind: "remote" }
  /** The app that the file which runs lies in, double-clicked or started by launchd: its grant outlasts an update. */
  | { readonly kind: "own_app"; readonly name: string; readonly path: string }
  /** The file that runs, as under launchd. */
  | { readonly kind: "program"; readonly path: string };

/** Opens the page of System Settings on which the grant is given. */
export const OPEN_SETTINGS =
  "open 'x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles'";

/** Who gives permissions, in the middle of a sentence. */
export const SYSTEM = Deno.build.os === "darwin" ? "macOS" : "the system";

/** Said where nobody told what this program runs in. */
export const FULL_DISK_ACCESS = "Grant Full Disk Access in System Settings › Privacy & Security. " +
  "Syncing resumes automatically then; if it does not, start this program again.";

const TERMINALS: ReadonlyMap<string, string> = new Map([
  ["Apple_Terminal", "Terminal"],
  ["iTerm.app", "iTerm"],
  ["vscode", "Visual Studio Code"],
  ["WarpTerminal", "Warp"],
  ["ghostty", "Ghostty"],
]);
/** Run inside a terminal, and say nothing of which one. */
const MULTIPLEXERS: ReadonlySet<string> = new Set(["tmux", "screen", "zellij"]);

/** Exported for its test. */
export function granteeOf(facts: Surroundings): Grantee {
  if (facts.sidecar) return { kind: "app", bundle: readable(facts.bundle) };
  if (facts.overSsh) return { kind: "remote" };
  if (!facts.onTerminal) {
    const app = appAround(facts.executable);
    return app === null ? { kind: "program", path: facts.executable } : { kind: "own_app", ...app };
  }
  const name = readable(facts.termProgram);
  if (name === null || MULTIPLEXERS.has(name)) return { kind: "terminal", name: null };
  return { kind: "terminal", name: TERMINALS.get(name) ?? name };
}

/**
 * One plain text: what needs the grant, where it is given, and what happens then. Elsewhere than on a Mac file rights come
 * first; who tries the program there still reads what a Mac would say.
 */
export function permissionHint(facts: Surroundings): string {
  const grantee = granteeOf(facts);
  const onMac = "Grant Full Disk Access in System Settings › Privacy & Security. " +
    `${needs(grantee)} To open the page: ${OPEN_SETTINGS}. ` +
    `Syncing resumes automatically then; if it does not, ${again(grantee)}.`;
  return facts.os === "darwin"
    ? onMac
    : `Make the file and its folder readable for yourself. On a Mac: ${onMac}`;
}

function needs(grantee: Grantee): string {
  switch (grantee.kind) {
    case "app":
      return `It is the app that started this program which needs it${
        grantee.bundle === null ? "" : ` (${grantee.bundle})`
      }.`;
    case "terminal":
      return `It is ${
        grantee.name ?? "the terminal app that you use"
      } which needs it, as this program runs in it.`;
    case "remote":
      return "Over SSH, what needs it are remote users: System Settings › General › Sharing › Remote Login › " +
        "Allow full disk access for remote users.";
    case "own_app":
      if (isTranslocated(grantee.path)) {
        return `Move ${grantee.name} to the Applications folder in Finder and open it there first: macOS runs it ` +
          "from a passing place now, and does not see a grant that is given there.";
      }
      return `It is ${grantee.name} which needs it: switch it on in the list, or add ${grantee.path} with +.`;
    case "program":
      return `Grant it to: ${grantee.path} (add it with +, and ⌘⇧G to type its path).`;
  }
}

function again(grantee: Grantee): string {
  switch (grantee.kind) {
    case "app":
      return "quit that app and open it again";
    case "terminal":
      return `quit ${grantee.name ?? "it"}, open it again, and start this program in it`;
    case "remote":
      return "log in and start this program again";
    case "own_app":
      return `end ${grantee.name} and open it again`;
    case "program":
      return "start this program again";
  }
}

/** Of an environment anything may come; in a text for a person it must stay a short word. */
function readable(word: string | null): string | null {
  return word !== null && /^[\x20-\x7e]{1,60}$/.test(word) ? word : null;
}
