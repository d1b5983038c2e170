/**
 * Drives {@link MessagesSync}: one catch-up per trigger, in steps that give the event loop its turn.
 *
 *   idle ── trigger ──▶ catch-up ── nothing left ──▶ idle
 *                          └── failure ──▶ idle, with a retry due
 *
 * What state that is for others stands in condition.ts. What is committed is handed on only after its transaction.
 */
import { FatalError, LiveSyncError } from "../../model/errors.ts";
import type { SyncSummary, Transient } from "../../model/events.ts";
import type { WireEvent } from "../../model/feed.ts";
import type { Cancel, Clock } from "../../platform/clock.ts";
import { nextTurn, yieldToEventLoop } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Look } from "../../source/look.ts";
import type { MessagesDb } from "../../source/messages_db.ts";
import { type ReportedState, SyncStateTracker } from "./sync_state.ts";
import { isLock, isOurs } from "../failure.ts";
import type { MessagesSync } from "../pass/messages_sync.ts";
import { LOOK_BACK } from "../pass/pass_plan.ts";
import { addCounts, type ChangeCounts, NO_CHANGES } from "../pass/logged_changes.ts";
import { Retry } from "../retry.ts";
import { FIRST_SLICE_ROWS, nextSliceRows, SLICE_MS } from "../pacing.ts";
import type { StepOutcome } from "../pass/step.ts";
import { summaryOf, SummaryReporter } from "./sync_summary.ts";
import { type SyncRequest, SyncRequests } from "./sync_requests.ts";

export interface CatchUpPorts {
  readonly messages: MessagesSync;
  readonly source: MessagesDb;
  readonly look: () => Look;
  /** Waits for the next trigger; null when the program stops. */
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  /** Does what a step of kind `build_indexes` asks for; nobody else may write meanwhile. */
  readonly buildIndexes: () => Promise<void>;
  /** A failure in words, after it was found out whose it is; `sliceRows` is how far the failed step read. */
  readonly explain: (error: LiveSyncError, sliceRows: number) => LiveSyncError;
  /** Whether others wait for their turns, so that slices should be small. */
  readonly shares: () => boolean;
  /** After each catch-up that went well. */
  readonly caughtUp: () => void;
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

/** From a quick pass to the thorough one that follows. */
const LOOK_BACK_MS = 250;
/** An import that failed and is tried again is under way again, for others, when it has gone well for so long. */
const TRUSTED_AFTER_MS = 1_000;

/** Reason of the catch-up of a program that ends after it. */
const ONCE = "sync";

export class CatchUpLoop {
  readonly #ports: CatchUpPorts;
  readonly #condition: SyncStateTracker;
  readonly #retry: Retry;
  readonly #telling: SummaryReporter;
  readonly #waiters = new SyncRequests();
  #sliceRows = FIRST_SLICE_ROWS;
  /** Set while a thorough pass is due. */
  #cancelLookBack: Cancel | null = null;
  /** When the locks that are in the way now began, on the monotonic clock. */
  #busySince: number | null = null;

  constructor(ports: CatchUpPorts) {
    this.#ports = ports;
    this.#telling = new SummaryReporter(ports);
    this.#condition = new SyncStateTracker(ports.tell, ports.log);
    this.#retry = new Retry(ports.clock, () => ports.pull("retry"));
  }

  get state(): ReportedState {
    return this.#condition.state;
  }
  /** False while Messages' database can't be read; a failure of our own database leaves it true. */
  get sourceIsWell(): boolean {
    return this.#condition.sourceIsWell;
  }
  /** Milliseconds that the last catch-up that changed something took; null before the first. */
  get lastDurationMs(): number | null {
    return this.#telling.lastDurationMs;
  }

  /** Runs until `signal` aborts; finishes the step in hand. Throws only what nobody foresaw, and FatalError. */
  async run(signal: AbortSignal): Promise<void> {
    this.#ports.pull("start");
    try {
      while (true) {
        const reason = await this.#ports.next(signal);
        if (reason === null) break;
        await this.#catchUp(reason, signal);
      }
    } finally {
      this.#retry.stop();
      this.#cancelLookBack?.();
      this.#waiters.end(new LiveSyncError("stopping", "Cannot sync as the program is stopping"));
    }
  }

  /** Asks for a catch-up and gives its summary; rejects with the reason why the source can't be read. */
  syncNow(reason: string): Promise<SyncSummary> {
    const summary = this.#waiters.add();
    this.#ports.pull(reason);
    return summary;
  }

  async #catchUp(reason: string, signal: AbortSignal): Promise<void> {
    const waiters = this.#waiters.take();
    const startedAt = this.#ports.clock.monotonic();
    try {
      const isAnew = this.#attachIfNeeded();
      // Whoever asked for a sync is owed a complete one, also when a commit had filled the trigger's slot before.
      const thorough = reason !== "commit" || waiters.length > 0 || isAnew;
      const { counts: caughtUp, finished } = await this.#steps(reason, thorough, signal);
      if (!finished) {
        this.#waiters.putBack(waiters);
        return;
      }
      // What was announced is written to the sockets before anything that can wait.
      await nextTurn(this.#ports.clock);
      // Whoever asks for one catch-up and no more is owed all that the WAL could not tell.
      const counts = reason === ONCE ? await this.#compareAll(caughtUp, signal) : caughtUp;
      this.#well();
      const summary = summaryOf(counts, this.#ports.pending(), this.#ports.clock.monotonic() - startedAt);
      this.#telling.completed(counts, summary, reason);
      for (const waiter of waiters) waiter.resolve(summary);
      this.#ports.caughtUp();
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) {
        for (const waiter of waiters) waiter.reject(error);
        throw error;
      }
      this.#broke(error, waiters);
    }
  }

  async #compareAll(counts: ChangeCounts, signal: AbortSignal): Promise<ChangeCounts> {
    const { clock, messages } = this.#ports;
    let sum = counts;
    while (!signal.aborted) {
      const startedAt = clock.monotonic();
      const step = messages.compareStep(clock.now());
      if (step === null) break;
      messages.comparison.took(clock.monotonic() - startedAt);
      sum = addCounts(sum, step.counts);
      this.announce(step);
      await yieldToEventLoop();
    }
    return sum;
  }

  async #steps(
    reason: string,
    thorough: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly counts: ChangeCounts; readonly finished: boolean }> {
    const { messages, clock } = this.#ports;
    let counts = NO_CHANGES;
    const beganAt = clock.monotonic();
    while (true) {
      const trusted = !this.#condition.broken || clock.monotonic() - beganAt >= TRUSTED_AFTER_MS;
      if (trusted && !messages.imported) this.#condition.importing();
      const startedAt = clock.monotonic();
      const step = messages.step(this.#sliceRows, reason, clock.now(), thorough);
      const tookMs = clock.monotonic() - startedAt;
      counts = addCounts(counts, step.counts);
      this.announce(step);
      this.#sliceRows = nextSliceRows(
        { rows: this.#sliceRows, tookMs, full: step.more },
        this.#ports.shares() ? SLICE_MS.shared : SLICE_MS.alone,
      );
      if (step.replaced) this.#sayReplaced();
      if (step.kind === "build_indexes") {
        await this.#ports.buildIndexes();
        this.#sliceRows = FIRST_SLICE_ROWS;
      }
      this.#lookBackSoon(step);
      if (!step.more) return { counts, finished: true };
      await yieldToEventLoop();
      if (signal.aborted) return { counts, finished: false };
      if (!this.#ports.source.sidecarsStand) return this.#breakOff(counts);
    }
  }

  /** The WAL went in the middle of a long catch-up: the next one lets the file go. */
  #breakOff(counts: ChangeCounts): { readonly counts: ChangeCounts; readonly finished: boolean } {
    this.#ports.pull("source");
    return { counts, finished: false };
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

  /** To be called after the commit, also of a step that somebody else did. */
  announce(step: StepOutcome): void {
    const { committed, probe, resync, tell } = this.#ports;
    if (step.events.length > 0) probe("announce.before");
    committed(step.events);
    if (step.events.length > 0) probe("announce.after");
    const progress = this.#ports.messages.importProgress;
    if (progress !== null) this.#telling.progress(progress);
    // First: who is told by anything else that the feed was broken would be told twice.
    if (step.resync) resync();
    if (step.importCompleted) {
      const all = this.#ports.messages.importedRows;
      tell({ event: "import.completed", data: { done: all, total: all } });
      this.#ports.messages.importTold();
    }
  }

  /** Gives whether the file was opened anew: then anything may have happened meanwhile. */
  #attachIfNeeded(): boolean {
    const { log, look, messages, source } = this.#ports;
    const seen = look();
    if (seen.kind === "moved" || seen.kind === "quiet") return false;
    if (seen.kind !== "other_file" && seen.kind !== "deaf") throw source.obstacle(seen);
    if (seen.kind === "deaf") {
      log.warning("The WAL of Messages' database was replaced while it was open: opening it anew");
      messages.letGoDeaf();
    }
    const relation = messages.attach(seen.file.identity);
    if (relation === "replaced") this.#sayReplaced();
    // The version seen before the pass begins is the one to compare with afterwards.
    look();
    return true;
  }

  #sayReplaced(): void {
    this.#ports.log.warning("Messages' database was replaced: all of it is read again");
  }

  #well(): void {
    this.#busySince = null;
    this.#retry.stop();
    this.#condition.live();
  }

  #broke(error: LiveSyncError, waiters: readonly SyncRequest[]): void {
    if (isLock(error) && this.#busyFor() < this.#ports.busyLimitMs) this.#waiters.putBack(waiters);
    else this.#fail(this.#ports.explain(error, this.#sliceRows), waiters);
    this.#retry.later();
  }

  /** Milliseconds since the first of an unbroken row of locks. */
  #busyFor(): number {
    const now = this.#ports.clock.monotonic();
    this.#busySince ??= now;
    return now - this.#busySince;
  }

  #fail(failure: LiveSyncError, waiters: readonly SyncRequest[]): void {
    for (const waiter of waiters) waiter.reject(failure);
    this.#condition.failed(failure);
    if (isOurs(failure)) return;
    this.#letGo();
    // What stands before the damage can be read: by ever smaller slices all of it comes in.
    if (failure.code === "source_damaged") this.#sliceRows = Math.max(1, Math.trunc(this.#sliceRows / 4));
  }

  /** Attached anew it is read anew: SQLite keeps pages and columns that may have been mended behind its back. */
  #letGo(): void {
    try {
      this.#ports.source.detach();
    } catch (error) {
      // The next attach does it first, and says what is wrong if it can't.
      if (!(error instanceof LiveSyncError)) throw error;
    }
  }
}
