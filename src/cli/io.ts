/** Where a command's words go. Written at once and to the end, so that nothing is lost when the program exits. */

import { inAscii, terminalStyle } from "./terminal.ts";

export interface Io {
  /** What the command is for. */
  out(text: string): void;
  /** Everything else: logs, errors, progress. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  /** Whether stderr is a terminal on which a line may rewrite itself. */
  readonly errIsTerminal: boolean;
  /** Whether stderr may be coloured. Default: no. */
  readonly colour?: boolean;
  /** Width of the terminal now; 80 where there is none. */
  columns(): number;
}

/** Stdout and stderr, as far as the environment says that they can show what we write. */
export function systemIo(env: Readonly<Record<string, string | undefined>>): Io {
  const { ascii, colour, rewrites } = terminalStyle(env);
  const shown = (text: string) => ascii ? inAscii(text) : text;
  const errIsTerminal = rewrites && Deno.stderr.isTerminal();
  return {
    out: (text) => writeAll(Deno.stdout, shown(text)),
    err: (text) => writeAll(Deno.stderr, shown(text)),
    outIsTerminal: Deno.stdout.isTerminal(),
    errIsTerminal,
    colour: colour && errIsTerminal,
    columns() {
      try {
        return Deno.consoleSize().columns || 80;
      } catch {
        // Neither stdin, stdout nor stderr is a terminal.
        return 80;
      }
    },
  };
}

function writeAll(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(target.writeSync(rest));
  } catch (error) {
    // `… | head`: whoever read has gone, and has all it wanted.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
