/**
 * What the unsent messages of one connection weigh. Deno tells their bytes alone; each also costs a promise, a queue
 * entry and a frame (about 1 KiB in all, measured), so a million short answers would pass for a few megabytes.
 *
 * Exported for its test.
 */
export const MESSAGE_OVERHEAD_BYTES = 1024;

export class Backlog {
  /** Given to the socket since nothing was unsent last. */
  #messages = 0;
  #characters = 0;

  /** `unsentBefore`: what the socket had unsent before this message. */
  add(text: string, unsentBefore: number): void {
    if (unsentBefore === 0) this.#messages = this.#characters = 0;
    this.#messages++;
    this.#characters += text.length;
  }

  /** Weight of `unsentBytes`, taken to be as many messages as they are on average. */
  weight(unsentBytes: number): number {
    if (unsentBytes === 0) return 0;
    const share = Math.min(1, unsentBytes / Math.max(1, this.#characters));
    return unsentBytes + Math.ceil(this.#messages * share) * MESSAGE_OVERHEAD_BYTES;
  }
}
