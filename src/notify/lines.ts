/**
 * Bytes to lines, with a bound on what is kept of a line that does not end.
 *
 *     within ──more than the limit without a newline──▶ skipping ──newline──▶ within
 *
 * Entering `skipping` gives "too_large" once; the rest of that line is thrown away.
 */
export type Line =
  | { readonly text: string }
  | { readonly problem: "too_large" | "not_utf8" };

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #skipping = false;

  /** `limit`: longest line in bytes, its newline not counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in `chunk`; blank ones are left out. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let start = 0;
    while (true) {
      const end = chunk.indexOf(NEWLINE, start);
      this.#keep(chunk.subarray(start, end < 0 ? chunk.length : end), lines);
      if (end < 0) return lines;
      this.#finish(lines);
      start = end + 1;
    }
  }

  /** The last line, when the input ended without a newline. */
  end(): Line[] {
    const lines: Line[] = [];
    this.#finish(lines);
    return lines;
  }

  #keep(part: Uint8Array, lines: Line[]): void {
    if (this.#skipping || part.length === 0) return;
    this.#size += part.length;
    if (this.#size <= this.#limit) {
      this.#parts.push(part.slice());
      return;
    }
    this.#skipping = true;
    this.#parts = [];
    lines.push({ problem: "too_large" });
  }

  #finish(lines: Line[]): void {
    const parts = this.#parts;
    const isWhole = !this.#skipping;
    this.#parts = [];
    this.#size = 0;
    this.#skipping = false;
    if (!isWhole) return;
    const line = decode(parts);
    if ("problem" in line || line.text.trim() !== "") lines.push(line);
  }
}

function decode(parts: readonly Uint8Array[]): Line {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    let text = "";
    for (const part of parts) text += decoder.decode(part, { stream: true });
    return { text: text + decoder.decode() };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "not_utf8" };
    throw error;
  }
}
