/**
 * Drives the comparison of everything: slices of a few milliseconds, between which everybody else has a turn.
 *
 *   waiting ── 2 s after the start, a day, a gap in the WAL ──▶ walking ── nothing left ──▶ waiting
 *                                                                 └── failure ──▶ a pause ──▶ waiting
 *
 * A part of Messages' file that can't be read stops nothing but this: it is told in the log, and tried again.
 */
import { FatalError, LiveSyncError } from "../../model/errors.ts";
import { type Cancel, type Clock, yieldToEventLoop } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { failurePauseMs, pauseBetweenSlices } from "../pacing.ts";
import { isLock } from "../failure.ts";
import type { MessagesSync } from "../pass/messages_sync.ts";
import type { Comparison } from "../pass/comparison.ts";
import type { SourceWatcher } from "../source_watcher.ts";
import type { Announcer } from "./announcer.ts";
import type { ReportedState } from "./sync_state.ts";

export interface ComparisonParts {
  readonly messages: Pick<MessagesSync, "imported" | "compareStep"> & {
    readonly comparison: Pick<Comparison, "begin" | "isUrgent" | "took">;
  };
  /** When `live`, the source is attached and recognised, and what was tried last went well. */
  readonly state: { readonly state: Pick<ReportedState, "state"> };
  readonly announcer: Pick<Announcer, "announce">;
  readonly clock: Clock;
  readonly watcher: Pick<SourceWatcher, "isRestless">;
  readonly log: Log;
}

/** From the start until everything is compared, where nothing says that something was missed. */
const AFTER_START_MS = 2_000;
const DAY_MS = 24 * 3_600_000;

export class ComparisonLoop {
  readonly #parts: ComparisonParts;
  #asked = Promise.withResolvers<void>();
  #running = false;
  /** Whether the next walk is due; it begins as soon as all is well. */
  #due = false;
  /** Of the next walk that is planned; null before the first. */
  #cancelPlan: Cancel | null = null;
  /** Set during the pause after a failure. */
  #cancelPause: Cancel | null = null;
  #broken = false;

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  /** After each catch-up: one may have found a gap, or was the first. */
  caughtUp(): void {
    if (!this.#running || !this.#parts.messages.imported) return;
    if (this.#cancelPlan === null) this.#plan(AFTER_START_MS);
    if (this.#cancelPause === null) this.#asked.resolve();
  }

  /** Walks whenever there is something to walk, until `signal` aborts. Throws only what nobody foresaw, and FatalError. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#asked.resolve(), { once: true });
    this.#running = true;
    // The first catch-up may have ended before this began.
    this.caughtUp();
    try {
      while (!signal.aborted) {
        await this.#asked.promise;
        this.#asked = Promise.withResolvers<void>();
        await this.#walk(signal);
      }
    } finally {
      this.#running = false;
      this.#cancelPlan?.();
      this.#cancelPause?.();
    }
  }

  #plan(afterMs: number): void {
    this.#cancelPlan = this.#parts.clock.after(afterMs, () => {
      this.#due = true;
      this.#plan(DAY_MS);
      if (this.#cancelPause === null) this.#asked.resolve();
    });
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const { messages, state } = this.#parts;
    try {
      while (!signal.aborted && state.state.state === "live") {
        if (!this.#slice()) return;
        // After a gap something may be missing just now: that is no work that can wait.
        if (messages.comparison.isUrgent) await yieldToEventLoop();
        else await pauseBetweenSlices(this.#parts, signal);
      }
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) throw error;
      this.#failed(error);
    }
  }

  /** Gives whether there is more. */
  #slice(): boolean {
    const { announcer, clock, log, messages } = this.#parts;
    if (this.#due) {
      messages.comparison.begin(false);
      this.#due = false;
    }
    const startedAt = clock.monotonic();
    const step = messages.compareStep(clock.now());
    if (step === null) return false;
    messages.comparison.took(clock.monotonic() - startedAt);
    announcer.announce(step);
    if (!step.more && this.#broken) log.info("Checking against Messages' database again");
    if (!step.more) this.#broken = false;
    return step.more;
  }

  #failed(error: LiveSyncError): void {
    const { clock, log } = this.#parts;
    const lock = isLock(error);
    if (!lock && !this.#broken) {
      this.#broken = true;
      log.warning("Cannot check against Messages' database now", {
        code: error.code,
        reason: error.message,
      });
    }
    this.#cancelPause = clock.after(failurePauseMs(lock), () => {
      this.#cancelPause = null;
      this.#asked.resolve();
    });
  }
}
