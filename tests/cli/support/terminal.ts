/** The program on a terminal (a pty) of its own, as `script` of util-linux makes one. */
import { RunningProgram } from "./program.ts";

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
