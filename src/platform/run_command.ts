/** Another program, run to its end: what it said and how it ended. */

export interface Ran {
  /** 127, as a shell says it, when there is no such program. */
  readonly code: number;
  readonly stdout: string;
}

/** The first word is the program. Never throws for what the program does. */
export type RunCommand = (argv: readonly string[]) => Promise<Ran>;

/** A volume that does not answer would let `df` stand for minutes. */
const LIMIT_MS = 10_000;

export const runCommand: RunCommand = async ([program = "", ...args]) => {
  try {
    const { code, stdout } = await new Deno.Command(program, {
      args,
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(LIMIT_MS),
    }).output();
    return { code, stdout: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: 127, stdout: "" };
    throw error;
  }
};
