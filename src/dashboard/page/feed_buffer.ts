/** The lines of the feed: whatever comes is gathered and shown once in a while, and only the newest are kept. */
import { signal } from "@preact/signals";
import type { FeedChange, FeedLine } from "./feed_line.ts";
import { MOST_LINES, newLines } from "./feed_lines.ts";

export interface Frames {
  /** Calls back before the browser paints after that time, and not much later where it does not paint. */
  after(delayMs: number, callback: () => void): void;
}

/** One line is shown at once; where more came than anybody reads, they are shown less often. */
const CALM_GAP_MS = 30;
const BUSY_GAP_MS = 400;
/** So many in one turn are busy. */
const BUSY_LINES = 4;

const paintFrames: Frames = {
  after(delayMs, callback) {
    // A page in the background is not painted.
    if (document.hidden) setTimeout(callback, 1_000);
    else setTimeout(() => requestAnimationFrame(callback), delayMs);
  },
};

export class FeedBuffer {
  /** Newest first. */
  readonly lines = signal<readonly FeedLine[]>([]);
  /** How many came since the page was opened, those no longer shown among them. */
  readonly total = signal(0);
  #waiting: FeedChange[] = [];
  #isDue = false;
  #cameLast = 0;

  constructor(private readonly frames: Frames = paintFrames) {}

  add(change: FeedChange): void {
    if (change.line === null && change.forget === null) return;
    this.#waiting.push(change);
    // A page in the background may gather for long: nobody will read what is beyond the limit.
    if (this.#waiting.length > 20 * MOST_LINES) this.#flush();
    if (this.#isDue) return;
    this.#isDue = true;
    this.frames.after(this.#cameLast >= BUSY_LINES ? BUSY_GAP_MS : CALM_GAP_MS, () => {
      this.#isDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    const { lines, came } = newLines(this.lines.value, changes);
    this.#cameLast = came;
    this.total.value += came;
    this.lines.value = lines;
  }
}
