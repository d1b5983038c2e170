/** The program on a terminal (a pty) of its own, as `script` of util-linux makes one. */
import { RunningProgram } from "./program.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Null where there is no such `script`: that of macOS takes other words. */
const BEFORE: readonly string[] | null = hasScript()
  ? ["sh", "-c", 'exec script -qefc "exec $*" /dev/null', "sh"]
  : null;

function hasScript(): boolean {
  try {
    const { stdout } = new Deno.Command("script", { args: ["--version"], stderr: "null" }).outputSync();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

export const hasTerminal = BEFORE !== null;

/** What it writes to either stream comes as stdout. No word of `args` may hold what a shell reads. */
export function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  return new RunningProgram(args, { TERM: "xterm", SHELL: "/bin/sh", ...env }, BEFORE ?? []);
}

/**
 * A shell command on a terminal of 80 columns, in a process group of its own that Ctrl-C goes to: what is typed there
 * reaches all of its processes. The words that RunningProgram adds are not looked at.
 */
export function commandOnTerminal(
  command: string,
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  const whole = `stty cols 80 rows 40; cd '${ROOT}'; exec ${command}`;
  const before = ["sh", "-c", 'exec script -qefc "$CHATSTATS_TEST_COMMAND" /dev/null', "sh"];
  const terminal = { TERM: "xterm", SHELL: "/bin/sh", CHATSTATS_TEST_COMMAND: whole };
  return new RunningProgram([], { ...terminal, ...env }, before);
}
