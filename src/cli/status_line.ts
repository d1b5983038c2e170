/**
 * One line at the bottom of the terminal that rewrites itself, and whole lines that pass above it.
 *
 * States: hidden (nothing of ours is on the cursor's line) ⇄ shown (the cursor stands behind our text).
 */
import type { Io } from "./io.ts";
import { paintedState } from "./terminal.ts";

const CLEAR = "\r\x1b[2K";

export class StatusLine implements Disposable {
  #text = "";
  #shown = false;
  constructor(private readonly io: Pick<Io, "err" | "colour">) {}

  /** Shows `text`, which must fit into one line. */
  show(text: string): void {
    if (this.#shown && text === this.#text) return;
    this.io.err(CLEAR + this.#painted(text));
    this.#text = text;
    this.#shown = true;
  }

  /** Whole lines, each with its newline, above the status. */
  print(lines: string): void {
    this.io.err(this.#shown ? CLEAR + lines + this.#painted(this.#text) : lines);
  }

  /** Takes the line away. */
  hide(): void {
    if (this.#shown) this.io.err(CLEAR);
    this.#shown = false;
  }

  #painted(text: string): string {
    return this.io.colour === true ? paintedState(text) : text;
  }

  [Symbol.dispose](): void {
    this.hide();
  }
}
