/**
 * Drives {@link MessagesSync}: one catch-up per trigger, in steps that give the event loop its turn.
 *
 *   starting ─▶ importing ─▶ live ◀─▶ (catch-up)
 *      └─▶ source_missing / needs_permission / failed ── looked at again with back-off ──▶ importing or live
 *
 * What can't be read now is tried again later and said once when it breaks and once when it is well; what is committed
 * is handed on only after its transaction.
 */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncState, SyncSummary, Transient } from "../model/events.ts";
import type { WireEvent } from "../model/feed.ts";
import type { Cancel, Clock } from "../platform/clock.ts";
import { yieldToEventLoop } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import { SqliteError } from "../platform/sqlite.ts";
import type { Look } from "../source/look.ts";
import type { MessagesDb } from "../source/messages_db.ts";
import { explainFailure, isOurs, stateOfFailure } from "./failure.ts";
import { type ImportProgress, LOOK_BACK, type MessagesSync, type StepOutcome } from "./messages.ts";
import { addCounts, NO_NOTES, type NoteCounts } from "./notes.ts";
import { FIRST_SLICE_ROWS, nextSliceRows } from "./slice.ts";

export interface RunnerPorts {
  readonly messages: MessagesSync;
  readonly source: MessagesDb;
  readonly look: () => Look;
  /** Waits for the next trigger; null when the program stops. */
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  /** Does what a step of kind `finish_first_part` asks for; nobody else may write meanwhile. */
  readonly finishFirstPart: () => Promise<void>;
  /** Rows of `pending_rows`. */
  readonly pending: () => number;
  readonly committed: (events: readonly WireEvent[]) => void;
  readonly resync: () => void;
  readonly tell: (told: Transient) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: (label: string) => void;
  /** A lock on a database that lasts longer is told as a failure. Milliseconds. */
  readonly busyLimitMs: number;
}

export interface RunnerState {
  readonly state: SyncState;
  readonly reason: string;
  readonly hint: string;
}

const PROGRESS_EVERY_MS = 100;
/** From a quick pass to the thorough one that follows. */
const LOOK_BACK_MS = 250;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

interface Waiter {
  readonly resolve: (summary: SyncSummary) => void;
  readonly reject: (error: unknown) => void;
}

export class SyncRunner {
  readonly #ports: RunnerPorts;
  #sourceIsWell = true;
  #state: RunnerState = { state: "starting", reason: "", hint: "" };
  #sliceRows = FIRST_SLICE_ROWS;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: Cancel = () => {};
  /** Set while a thorough pass is due. */
  #cancelLookBack: Cancel | null = null;
  #waiters: Waiter[] = [];
  #ended = false;
  #progressToldAt = -Infinity;
  /** Code of the failure that was logged, so that it is said once. */
  #broken: string | null = null;
  /** When the locks that are in the way now began, on the monotonic clock. */
  #busySince: number | null = null;
  #lastDurationMs: number | null = null;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
  }

  get state(): RunnerState {
    return this.#state;
  }
  /** False while Messages' database can't be read; a failure of our own database leaves it true. */
  get sourceIsWell(): boolean {
    return this.#sourceIsWell;
  }
  /** Milliseconds that the last catch-up that changed something took; null before the first. */
  get lastDurationMs(): number | null {
    return this.#lastDurationMs;
  }

  /** Runs until `signal` aborts; finishes the step in hand. Throws only what nobody foresaw. */
  async run(signal: AbortSignal): Promise<void> {
    this.#ports.pull("start");
    while (true) {
      const reason = await this.#ports.next(signal);
      if (reason === null) break;
      await this.#catchUp(reason, signal);
    }
    this.#cancelRetry();
    this.#cancelLookBack?.();
    this.#ended = true;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(stoppedError());
  }

  /** Asks for a catch-up and gives its summary; rejects with the reason why the source can't be read. */
  syncNow(reason: string): Promise<SyncSummary> {
    if (this.#ended) return Promise.reject(stoppedError());
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#ports.pull(reason);
    });
  }

  async #catchUp(reason: string, signal: AbortSignal): Promise<void> {
    const waiters = this.#waiters.splice(0);
    const startedAt = this.#ports.clock.monotonic();
    try {
      this.#attachIfNeeded();
      // Whoever asked for a sync is owed a complete one, also when a commit had filled the trigger's slot before.
      const thorough = reason !== "commit" || waiters.length > 0;
      const { counts, finished } = await this.#steps(reason, thorough, signal);
      if (!finished) {
        this.#waiters.unshift(...waiters);
        return;
      }
      this.#well();
      const summary = this.#summary(counts, this.#ports.clock.monotonic() - startedAt);
      if (changedSomething(counts)) this.#tellCompleted(counts, summary, reason);
      for (const waiter of waiters) waiter.resolve(summary);
    } catch (error) {
      if (!(error instanceof LiveSyncError)) throw error;
      this.#broke(error, waiters);
    }
  }

  async #steps(
    reason: string,
    thorough: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly counts: NoteCounts; readonly finished: boolean }> {
    const { messages, clock } = this.#ports;
    let counts = NO_NOTES;
    while (true) {
      if (!messages.imported) this.#enter({ state: "importing", reason: "", hint: "" });
      const startedAt = clock.monotonic();
      const step = messages.step(this.#sliceRows, reason, clock.now(), thorough);
      const tookMs = clock.monotonic() - startedAt;
      counts = addCounts(counts, step.counts);
      this.#announce(step);
      this.#sliceRows = nextSliceRows({ rows: this.#sliceRows, tookMs, full: step.more });
      if (step.replaced) this.#sayReplaced();
      if (step.kind === "finish_first_part") {
        await this.#ports.finishFirstPart();
        this.#sliceRows = FIRST_SLICE_ROWS;
      }
      this.#lookBackSoon(step);
      if (!step.more) return { counts, finished: true };
      await yieldToEventLoop();
      if (signal.aborted) return { counts, finished: false };
    }
  }

  /** A quick pass is followed by a thorough one; while one is due, further quick passes do not put it off. */
  #lookBackSoon(step: StepOutcome): void {
    if (step.thorough) {
      this.#cancelLookBack?.();
      this.#cancelLookBack = null;
    } else {
      this.#cancelLookBack ??= this.#ports.clock.after(LOOK_BACK_MS, () => {
        this.#cancelLookBack = null;
        this.#ports.pull(LOOK_BACK);
      });
    }
  }

  /** After commit only. */
  #announce(step: StepOutcome): void {
    const { committed, probe, resync, tell } = this.#ports;
    if (step.events.length > 0) probe("announce.before");
    committed(step.events);
    if (step.events.length > 0) probe("announce.after");
    const progress = this.#ports.messages.importProgress;
    if (progress !== null) this.#tellProgress(progress);
    if (step.importCompleted) {
      const all = this.#ports.messages.importedRows;
      tell({ event: "import.completed", data: { done: all, total: all } });
    }
    if (step.resync) resync();
  }

  #tellProgress(progress: ImportProgress): void {
    const now = this.#ports.clock.monotonic();
    if (now - this.#progressToldAt < PROGRESS_EVERY_MS) return;
    this.#progressToldAt = now;
    this.#ports.tell({ event: "import.progress", data: { done: progress.done, total: progress.total } });
  }

  #attachIfNeeded(): void {
    const { look, messages, source } = this.#ports;
    const seen = look();
    switch (seen.kind) {
      case "missing":
        source.detach();
        throw new LiveSyncError(
          "source_missing",
          `Cannot find Messages' database at ${source.path}`,
          "Open Messages once, or name its chat.db with --messages-db.",
        );
      case "forbidden":
        source.detach();
        throw new LiveSyncError(
          "needs_permission",
          `Cannot read ${source.path} as the system does not permit it`,
          "Grant Full Disk Access in System Settings › Privacy & Security.",
        );
      case "other_file": {
        const relation = messages.attach(seen.glance.identity);
        if (relation === "replaced") this.#sayReplaced();
        // The version seen before the pass begins is the one to compare with afterwards.
        look();
        return;
      }
      case "moved":
      case "quiet":
        return;
    }
  }

  #sayReplaced(): void {
    this.#ports.log.warning("Messages' database was replaced: all of it is read again");
  }

  #summary(counts: NoteCounts, durationMs: number): SyncSummary {
    return {
      created: counts.created,
      updated: counts.updated,
      deleted: counts.deleted,
      pending: this.#ports.pending(),
      contacts: counts.contacts,
      merged: 0,
      duration_ms: Math.round(durationMs),
    };
  }

  #tellCompleted(counts: NoteCounts, summary: SyncSummary, reason: string): void {
    this.#lastDurationMs = summary.duration_ms;
    const data = {
      created: summary.created,
      updated: summary.updated,
      deleted: summary.deleted,
      reactions: counts.reactions,
      attachments: counts.attachments,
      pending: summary.pending,
      duration_ms: summary.duration_ms,
      reason,
    };
    this.#ports.tell({ event: "sync.completed", data });
    this.#ports.log.debug("Caught up", data);
  }

  #well(): void {
    if (this.#broken !== null) this.#ports.log.info("Syncing again");
    this.#broken = null;
    this.#busySince = null;
    this.#sourceIsWell = true;
    this.#retryMs = FIRST_RETRY_MS;
    this.#cancelRetry();
    this.#enter({ state: "live", reason: "", hint: "" });
  }

  #broke(error: LiveSyncError, waiters: readonly Waiter[]): void {
    const { clock, pull } = this.#ports;
    // A lock is mostly somebody else's short work: no state, no noise, and those who wait, wait on.
    if (error instanceof SqliteError && error.isBusy && this.#busyFor() < this.#ports.busyLimitMs) {
      this.#waiters.unshift(...waiters);
    } else this.#fail(explainFailure(error), waiters);
    this.#cancelRetry();
    this.#cancelRetry = clock.after(this.#retryMs, () => pull("retry"));
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  /** Milliseconds since the first of an unbroken row of locks. */
  #busyFor(): number {
    const now = this.#ports.clock.monotonic();
    this.#busySince ??= now;
    return now - this.#busySince;
  }

  #fail(failure: LiveSyncError, waiters: readonly Waiter[]): void {
    for (const waiter of waiters) waiter.reject(failure);
    this.#sourceIsWell = isOurs(failure);
    this.#enter({ state: stateOfFailure(failure), reason: failure.message, hint: failure.hint });
    if (this.#broken !== failure.code) {
      this.#ports.log.error("Cannot sync", { code: failure.code, reason: failure.message });
    }
    this.#broken = failure.code;
  }

  #enter(next: RunnerState): void {
    const { state, reason, hint } = this.#state;
    if (next.state === state && next.reason === reason && next.hint === hint) return;
    this.#state = next;
    this.#ports.tell({ event: "state.changed", data: next });
  }
}

function stoppedError(): LiveSyncError {
  return new LiveSyncError("stopping", "Cannot sync as the program is stopping");
}

function changedSomething(counts: NoteCounts): boolean {
  return Object.values(counts).some((count) => count > 0);
}
