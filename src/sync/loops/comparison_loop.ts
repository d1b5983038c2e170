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
import { pauseBetweenSlices } from "../breathe.ts";
import { isLock } from "../failure.ts";
import type { MessagesSync } from "../pass/messages_sync.ts";
import type { Comparison } from "../pass/comparison.ts";
import type { StepOutcome } from "../pass/step.ts";

export interface ReconcilerPorts {
  readonly messages: Pick<MessagesSync, "imported" | "compareStep"> & {
    readonly comparison: Pick<Comparison, "begin" | "isUrgent" | "took">;
  };
  /** Whether all is well: the source is attached and recognised, and what was tried last went well. */
  readonly ready: () => boolean;
  /** To be told after the commit. */
  readonly announce: (step: StepOutcome) => void;
  readonly clock: Clock;
  /** As in breathe.ts. */
  readonly restless: () => boolean;
  readonly log: Log;
}

/** From the start until everything is compared, where nothing says that something was missed. */
const AFTER_START_MS = 2_000;
const DAY_MS = 24 * 3_600_000;
/** After a lock on our database, and after any other failure. */
const PAUSE_MS = { lock: 250, failure: 60_000 } as const;

export class ComparisonLoop {
  readonly #ports: ReconcilerPorts;
  #asked = Promise.withResolvers<void>();
  #running = false;
  /** Whether the next walk is due; it begins as soon as all is well. */
  #due = false;
  /** Of the next walk that is planned; null before the first. */
  #cancelPlan: Cancel | null = null;
  /** Set during the pause after a failure. */
  #cancelPause: Cancel | null = null;
  #broken = false;

  constructor(ports: ReconcilerPorts) {
    this.#ports = ports;
  }

  /** After each catch-up: one may have found a gap, or was the first. */
  caughtUp(): void {
    if (!this.#running || !this.#ports.messages.imported) return;
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
    this.#cancelPlan = this.#ports.clock.after(afterMs, () => {
      this.#due = true;
      this.#plan(DAY_MS);
      if (this.#cancelPause === null) this.#asked.resolve();
    });
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const { messages, ready } = this.#ports;
    try {
      while (!signal.aborted && ready()) {
        if (!this.#slice()) return;
        // After a gap something may be missing just now: that is no work that can wait.
        if (messages.comparison.isUrgent) await yieldToEventLoop();
        else await pauseBetweenSlices(this.#ports, signal);
      }
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) throw error;
      this.#failed(error);
    }
  }

  /** Gives whether there is more. */
  #slice(): boolean {
    const { announce, clock, log, messages } = this.#ports;
    if (this.#due) {
      messages.comparison.begin(false);
      this.#due = false;
    }
    const startedAt = clock.monotonic();
    const step = messages.compareStep(clock.now());
    if (step === null) return false;
    messages.comparison.took(clock.monotonic() - startedAt);
    announce(step);
    if (!step.more && this.#broken) log.info("Messages' database is compared again");
    if (!step.more) this.#broken = false;
    return step.more;
  }

  #failed(error: LiveSyncError): void {
    const { clock, log } = this.#ports;
    const lock = isLock(error);
    if (!lock && !this.#broken) {
      this.#broken = true;
      log.warning("Cannot compare all of Messages' database now", {
        code: error.code,
        reason: error.message,
      });
    }
    this.#cancelPause = clock.after(lock ? PAUSE_MS.lock : PAUSE_MS.failure, () => {
      this.#cancelPause = null;
      this.#asked.resolve();
    });
  }
}
