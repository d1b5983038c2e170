/** Another program, run to its end: what it said and how it ended. */

export interface Ran {
  /** 127, as a shell says it, when there is no such program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The first word is the program. Never throws for what the program does. */
export type RunCommand = (argv: readonly string[]) => Promise<Ran>;

/** A volume that does not answer would let `df` stand for minutes. */
export const runCommand: RunCommand = runWithin(10_000);

/** Runs programs that must end within `limitMs` milliseconds; one that hangs must not hang us. */
export function runWithin(limitMs: number): RunCommand {
  return async ([program = "", ...args]) => {
    try {
      const { code, stdout, stderr } = await new Deno.Command(program, {
        args,
        stdin: "null",
        signal: AbortSignal.timeout(limitMs),
      }).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { code: 127, stdout: "", stderr: "no such program" };
      throw error;
    }
  };
}
