/**
 * A sidecar's stdin and stdout: the same protocol as on a WebSocket, as JSON Lines.
 *
 *     ready ──▶ flowing ──close()──▶ draining ──caught up, or out of patience──▶ [fatal] ──▶ ended
 *                  ├──stdin ends──▶ onParentGone, and it flows on until close()
 *                  └──stdout fails (broken pipe)──▶ onParentGone, ended
 *
 * One loop writes: answers first, then what the session has due, and it awaits each write before it asks for more.
 * So lines never interleave, and behind a parent that reads slowly everything waits in the database. Reading pauses
 * while too many answers wait; until then the end of stdin is noticed even if the parent reads nothing.
 */
import type { FatalMessage, ReadyMessage } from "../model/events.ts";
import { type Clock, sleep, systemClock, yieldToEventLoop } from "../platform/clock.ts";
import type { Feed } from "./feed.ts";
import { type Line, LineSplitter } from "./lines.ts";
import { MAX_MESSAGE_BYTES } from "./messages.ts";
import { Session, type SidecarControl } from "./session.ts";
import { EVERYTHING } from "./topics.ts";

export interface StdioOptions {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly ready: ReadyMessage;
  readonly feed: Feed;
  readonly control: SidecarControl;
  /** stdin ended or stdout broke; called at most once. */
  readonly onParentGone: (which: "stdin" | "stdout") => void;
  /** The feed could not be read; nothing more is written but `fatal`. */
  readonly onFailure: (error: unknown) => void;
  readonly clock?: Clock;
}

export interface Stdio {
  /**
   * Writes what is still due as long as the parent takes it (0.7 s at most), then `fatal` if given, as the last
   * line. Never rejects; a second call gives the first one's promise.
   */
  close(fatal?: FatalMessage): Promise<void>;
}

/** Writes `ready` as the first line, then everything of the feed after `ready.seq`. */
export function startStdio(options: StdioOptions): Stdio {
  return new StdioConnection(options);
}

/** How long close() waits for the parent to take what is due, and then for `fatal`. */
const DRAIN_MS = 700;
const FATAL_MS = 300;
/** Answers that may wait (given or being worked on) before reading pauses. */
const MAX_ANSWERS = 256;

class StdioConnection implements Stdio {
  readonly #options: StdioOptions;
  readonly #clock: Clock;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #session: Session;
  readonly #leave: () => void;
  readonly #written: Promise<void>;
  #answers: string[] = [];
  #syncs = 0;
  /** Set while the writing loop has nothing to do; calling it starts it again. */
  #resumeWriting: (() => void) | null = null;
  /** Set while reading pauses. */
  #resumeReading: (() => void) | null = null;
  #draining = false;
  #ended = false;
  #parentGone = false;
  #drained: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: StdioOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#writer = options.writable.getWriter();
    this.#reader = options.readable.getReader();
    this.#session = new Session({
      store: options.feed.store,
      reply: (line) => this.#answer(line),
      wake: () => this.#resumeWriting?.(),
      control: {
        sync: () => this.#countedSync(),
        shutdown: () => options.control.shutdown(),
      },
    });
    this.#answers.push(JSON.stringify(options.ready));
    this.#session.begin({ topics: [EVERYTHING], after: options.ready.seq, feed: options.ready.feed });
    this.#leave = options.feed.join({
      session: this.#session,
      isClient: false,
      end: () => this.#drain(),
    });
    this.#written = this.#write();
    void this.#read();
  }

  close(fatal?: FatalMessage): Promise<void> {
    this.#closed ??= this.#close(fatal);
    return this.#closed;
  }

  async #close(fatal: FatalMessage | undefined): Promise<void> {
    await this.#drain();
    this.#ended = true;
    // The stream keeps writes in order, so this stands behind a write that the parent has not taken yet.
    const last = fatal === undefined
      ? this.#written
      : this.#writer.write(encodeLines([JSON.stringify(fatal)])).catch(() => this.#gone("stdout"));
    await this.#atMost(FATAL_MS, last);
    this.#writer.releaseLock();
  }

  /** Lets the loop write what is due, then stops it. */
  #drain(): Promise<void> {
    this.#drained ??= this.#drainOnce();
    return this.#drained;
  }

  async #drainOnce(): Promise<void> {
    this.#draining = true;
    this.#resumeWriting?.();
    await this.#atMost(DRAIN_MS, this.#written);
    this.#ended = true;
    this.#resumeReading?.();
    this.#leave();
    // Not awaited: a read that is under way may hold this until the parent writes.
    this.#reader.cancel().catch(() => {});
  }

  async #atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
    const timer = new AbortController();
    await Promise.race([work, sleep(this.#clock, limitMs, timer.signal)]);
    timer.abort();
  }

  async #write(): Promise<void> {
    while (!this.#ended) {
      const { lines, more } = this.#due();
      if (lines.length > 0) {
        try {
          await this.#writer.write(encodeLines(lines));
        } catch {
          // Whatever the reason, a broken pipe most likely: nobody hears us any more.
          return this.#gone("stdout");
        }
      } else if (more) {
        await yieldToEventLoop();
      } else if (this.#draining) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#resumeWriting = resolve);
        this.#resumeWriting = null;
      }
    }
  }

  #due(): { readonly lines: readonly string[]; readonly more: boolean } {
    if (this.#answers.length > 0) {
      const lines = this.#answers;
      this.#answers = [];
      this.#resumeReading?.();
      return { lines, more: true };
    }
    try {
      return this.#session.take();
    } catch (error) {
      this.#ended = true;
      this.#options.onFailure(error);
      return { lines: [], more: true };
    }
  }

  async #read(): Promise<void> {
    const splitter = new LineSplitter(MAX_MESSAGE_BYTES);
    try {
      while (true) {
        const { value, done } = await this.#reader.read();
        if (done) break;
        for (const line of splitter.push(value)) await this.#received(line);
      }
      for (const line of splitter.end()) await this.#received(line);
    } catch {
      // A stdin that cannot be read is a stdin that ended.
    }
    this.#gone("stdin");
  }

  async #received(line: Line): Promise<void> {
    if (this.#ended || this.#draining) return;
    while (this.#answers.length + this.#syncs >= MAX_ANSWERS && !this.#ended) {
      await new Promise<void>((resolve) => this.#resumeReading = resolve);
      this.#resumeReading = null;
    }
    if ("text" in line) return this.#session.receive(line.text);
    if (line.problem === "not_utf8") {
      return this.#session.refuse("bad_json", "The line is not UTF-8");
    }
    this.#session.refuse("too_large", "The line is longer than 64 KiB");
  }

  #answer(line: string): void {
    if (this.#ended) return;
    this.#answers.push(line);
    this.#resumeWriting?.();
  }

  async #countedSync(): ReturnType<SidecarControl["sync"]> {
    this.#syncs++;
    try {
      return await this.#options.control.sync();
    } finally {
      this.#syncs--;
      this.#resumeReading?.();
    }
  }

  #gone(which: "stdin" | "stdout"): void {
    if (which === "stdout") {
      this.#ended = true;
      this.#resumeReading?.();
      this.#leave();
    }
    if (this.#parentGone || this.#draining) return;
    this.#parentGone = true;
    this.#options.onParentGone(which);
  }
}

const encoder = new TextEncoder();

function encodeLines(lines: readonly string[]): Uint8Array {
  return encoder.encode(lines.join("\n") + "\n");
}
