/**
 * Drives the walk over all conversations: slices of a few milliseconds, between which everybody else has a turn.
 *
 *   waiting ── begin() ──▶ walking ── nothing left ──▶ waiting
 *                             └── failure ──▶ a pause ──▶ walking
 */
import { LiveSyncError } from "../../model/errors.ts";
import { type Clock, sleep, yieldToEventLoop } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { isLock } from "../failure.ts";
import { failurePauseMs, nextSliceRows, pauseBetweenSlices, type SliceBounds } from "../pacing.ts";
import type { SourceWatcher } from "../source_watcher.ts";
import type { Conversations } from "./conversations.ts";

export interface ConversationParts {
  readonly db: Connection;
  readonly conversations: Pick<Conversations, "walk">;
  readonly clock: Clock;
  readonly watcher: Pick<SourceWatcher, "isRestless">;
  readonly log: Log;
  readonly probe: (label: string) => void;
}

const FIRST_ROWS = 500;
const SLICES: SliceBounds = { least: 50, most: 4_000, targetMs: 7 };

export class ConversationLoop {
  readonly #parts: ConversationParts;
  #rows = FIRST_ROWS;
  #asked = Promise.withResolvers<void>();

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** There may be something to walk: the import is complete, or the program has started. */
  begin(): void {
    this.#asked.resolve();
  }

  /** Walks whenever it is asked to, until `signal` aborts. Throws only what nobody foresaw. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.begin(), { once: true });
    while (!signal.aborted) {
      await this.#asked.promise;
      this.#asked = Promise.withResolvers<void>();
      await this.#walk(signal);
    }
  }

  /** Walks to the end now, for a program that does nothing else. Throws SqliteError. */
  async complete(): Promise<void> {
    while (this.slice()) await yieldToEventLoop();
  }

  /** One transaction; gives whether there is more. Throws SqliteError; nothing of the slice is kept then. */
  slice(): boolean {
    const { clock, conversations, db, probe } = this.#parts;
    const startedAt = clock.monotonic();
    const { done, rows } = db.transaction(() => {
      const walked = conversations.walk(this.#rows);
      if (walked.rows > 0) probe("conversations.before_commit");
      return walked;
    });
    if (rows > 0) probe("conversations.after_commit");
    this.#rows = nextSliceRows(
      { rows: this.#rows, tookMs: clock.monotonic() - startedAt, full: true },
      SLICES,
    );
    return !done;
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    let broken = false;
    while (!signal.aborted) {
      try {
        if (!this.slice()) break;
        await pauseBetweenSlices(this.#parts, signal);
      } catch (error) {
        if (!(error instanceof LiveSyncError)) throw error;
        const lock = isLock(error);
        if (!lock && !broken) {
          log.warning("Cannot group conversations now", { reason: error.message });
        }
        broken ||= !lock;
        await sleep(clock, failurePauseMs(lock), signal);
      }
    }
    if (broken && !signal.aborted) log.info("Grouping conversations again");
  }
}
