/** Where a command's words go. Written at once and to the end, so that nothing is lost when the program exits. */

export interface Io {
  /** What the command is for. */
  out(text: string): void;
  /** Everything else: logs, errors, progress. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal now; 80 where there is none. */
  columns(): number;
}

export const systemIo: Io = {
  out: (text) => writeAll(Deno.stdout, text),
  err: (text) => writeAll(Deno.stderr, text),
  outIsTerminal: Deno.stdout.isTerminal(),
  errIsTerminal: Deno.stderr.isTerminal(),
  columns() {
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      // Neither stdin, stdout nor stderr is a terminal.
      return 80;
    }
  },
};

function writeAll(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(target.writeSync(rest));
  } catch (error) {
    // `… | head`: whoever read has gone, and has all it wanted.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
