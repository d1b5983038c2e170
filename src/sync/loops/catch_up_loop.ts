/**
 * Drives {@link MessagesSync}: one catch-up per trigger, in steps that give the event loop its turn.
 *
 *   idle ── trigger ──▶ catch-up ── nothing left ──▶ idle
 *                          └── failure ──▶ idle, with a retry due
 *
 * What state that is for others stands in sync_state.ts. What is committed is handed on only after its transaction.
 */
import { FatalError, LiveSyncError } from "../../model/errors.ts";
import type { SyncSummary } from "../../model/events.ts";
import type { Cancel, Clock } from "../../platform/clock.ts";
import { nextTurn, yieldToEventLoop } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { countPending } from "../../store/queries/status.ts";
import type { ContactsLoop } from "../contacts/contacts_loop.ts";
import type { ConversationLoop } from "../conversations/conversation_loop.ts";
import { explain } from "../failure_attribution.ts";
import type { IndexJob } from "../import/index_job.ts";
import type { SourceWatcher } from "../source_watcher.ts";
import type { Announcer } from "./announcer.ts";
import type { ComparisonLoop } from "./comparison_loop.ts";
import type { SyncStateTracker } from "./sync_state.ts";
import { isLock, isOurs } from "../failure.ts";
import type { MessagesSync } from "../pass/messages_sync.ts";
import { LOOK_BACK, type PassContext } from "../pass/pass_plan.ts";
import { addCounts, type ChangeCounts, NO_CHANGES } from "../pass/logged_changes.ts";
import { FIRST_SLICE_ROWS, IMPORT_SLICES, nextSliceRows, Retry, SLICE_MS } from "../pacing.ts";
import type { StepOutcome } from "../pass/step.ts";
import { summaryOf, type SummaryReporter } from "./sync_summary.ts";
import { type SyncRequest, SyncRequests } from "./sync_requests.ts";

export interface CatchUpParts {
  readonly context: PassContext;
  readonly messages: MessagesSync;
  readonly watcher: Pick<SourceWatcher, "lookForCatchUp" | "look">;
  /** Waits for the next trigger; null when the program stops. */
  readonly trigger: {
    readonly next: (signal: AbortSignal) => Promise<string | null>;
    readonly pull: (reason: string) => void;
  };
  readonly state: SyncStateTracker;
  readonly announcer: Pick<Announcer, "announce">;
  readonly summary: SummaryReporter;
  readonly indexJob: Pick<IndexJob, "finish">;
  readonly contacts: Pick<ContactsLoop, "begin" | "isInHurry">;
  readonly conversations: Pick<ConversationLoop, "begin">;
  readonly comparison: Pick<ComparisonLoop, "caughtUp">;
  readonly clock: Clock;
  readonly log: Log;
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
  readonly #parts: CatchUpParts;
  readonly #retry: Retry;
  readonly #requests = new SyncRequests();
  #sliceRows = FIRST_SLICE_ROWS;
  /** Set while a thorough pass is due. */
  #cancelLookBack: Cancel | null = null;
  /** When the locks that are in the way now began, on the monotonic clock. */
  #busySince: number | null = null;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
    this.#retry = new Retry(parts.clock, () => parts.trigger.pull("retry"));
  }

  /** Runs until `signal` aborts; finishes the step in hand. Throws only what nobody foresaw, and FatalError. */
  async run(signal: AbortSignal): Promise<void> {
    this.#parts.trigger.pull("start");
    try {
      while (true) {
        const reason = await this.#parts.trigger.next(signal);
        if (reason === null) break;
        await this.#catchUp(reason, signal);
      }
    } finally {
      this.#retry.stop();
      this.#cancelLookBack?.();
      this.#requests.end(new LiveSyncError("stopping", "Cannot sync: the program is stopping"));
    }
  }

  /** Asks for a catch-up and gives its summary; rejects with the reason why the source can't be read. */
  syncNow(reason: string): Promise<SyncSummary> {
    const summary = this.#requests.add();
    this.#parts.trigger.pull(reason);
    return summary;
  }

  async #catchUp(reason: string, signal: AbortSignal): Promise<void> {
    const waiters = this.#requests.take();
    const startedAt = this.#parts.clock.monotonic();
    try {
      const isAnew = this.#attachIfNeeded();
      // Whoever asked for a sync is owed a complete one, also when a commit had filled the trigger's slot before.
      const thorough = reason !== "commit" || waiters.length > 0 || isAnew;
      const { counts: caughtUp, finished } = await this.#steps(reason, thorough, signal);
      if (!finished) {
        this.#requests.putBack(waiters);
        return;
      }
      // What was announced is written to the sockets before anything that can wait.
      await nextTurn(this.#parts.clock);
      // Whoever asks for one catch-up and no more is owed all that the WAL could not tell.
      const counts = reason === ONCE ? await this.#compareAll(caughtUp, signal) : caughtUp;
      this.#well();
      const summary = summaryOf(
        counts,
        countPending(this.#parts.context.db),
        this.#parts.clock.monotonic() - startedAt,
      );
      this.#parts.summary.completed(counts, summary, reason);
      for (const waiter of waiters) waiter.resolve(summary);
      this.#parts.comparison.caughtUp();
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) {
        for (const waiter of waiters) waiter.reject(error);
        throw error;
      }
      this.#broke(error, waiters);
    }
  }

  async #compareAll(counts: ChangeCounts, signal: AbortSignal): Promise<ChangeCounts> {
    const { clock, messages } = this.#parts;
    let sum = counts;
    while (!signal.aborted) {
      const startedAt = clock.monotonic();
      const step = messages.compareStep(clock.now());
      if (step === null) break;
      messages.comparison.took(clock.monotonic() - startedAt);
      sum = addCounts(sum, step.counts);
      this.#parts.announcer.announce(step);
      await yieldToEventLoop();
    }
    return sum;
  }

  async #steps(
    reason: string,
    thorough: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly counts: ChangeCounts; readonly finished: boolean }> {
    const { messages, clock } = this.#parts;
    let counts = NO_CHANGES;
    const beganAt = clock.monotonic();
    while (true) {
      const trusted = !this.#parts.state.broken || clock.monotonic() - beganAt >= TRUSTED_AFTER_MS;
      if (trusted && !messages.imported && this.#parts.state.importing()) this.#stateChanged();
      const startedAt = clock.monotonic();
      const step = messages.step(this.#sliceRows, reason, clock.now(), thorough);
      const tookMs = clock.monotonic() - startedAt;
      counts = addCounts(counts, step.counts);
      this.#parts.announcer.announce(step);
      this.#sliceRows = nextSliceRows(
        { rows: this.#sliceRows, tookMs, full: step.more },
        { ...IMPORT_SLICES, targetMs: this.#parts.contacts.isInHurry ? SLICE_MS.shared : SLICE_MS.alone },
      );
      if (step.replaced) this.#sayReplaced();
      if (step.kind === "build_indexes") {
        await this.#parts.indexJob.finish();
        this.#sliceRows = FIRST_SLICE_ROWS;
      }
      this.#lookBackSoon(step);
      if (!step.more) return { counts, finished: true };
      await yieldToEventLoop();
      if (signal.aborted) return { counts, finished: false };
      if (!this.#parts.context.source.sidecarsStand) return this.#breakOff(counts);
    }
  }

  /** The WAL went in the middle of a long catch-up: the next one lets the file go. */
  #breakOff(counts: ChangeCounts): { readonly counts: ChangeCounts; readonly finished: boolean } {
    this.#parts.trigger.pull("source");
    return { counts, finished: false };
  }

  /** A quick pass is followed by a thorough one; while one is due, further quick passes do not put it off. */
  #lookBackSoon(step: StepOutcome): void {
    if (step.thorough) {
      this.#cancelLookBack?.();
      this.#cancelLookBack = null;
    } else {
      this.#cancelLookBack ??= this.#parts.clock.after(LOOK_BACK_MS, () => {
        this.#cancelLookBack = null;
        this.#parts.trigger.pull(LOOK_BACK);
      });
    }
  }

  /** Gives whether the file was opened anew: then anything may have happened meanwhile. */
  #attachIfNeeded(): boolean {
    const { context, log, messages, watcher } = this.#parts;
    const seen = watcher.lookForCatchUp();
    if (seen.kind === "moved" || seen.kind === "quiet") return false;
    if (seen.kind !== "other_file" && seen.kind !== "deaf") throw context.source.obstacle(seen);
    if (seen.kind === "deaf") {
      log.warning("The WAL of Messages' database was replaced while it was open: opening it again");
      messages.letGoDeaf();
    }
    const relation = messages.attach(seen.file.identity);
    if (relation === "replaced") this.#sayReplaced();
    // The version seen before the pass begins is the one to compare with afterwards.
    watcher.look();
    return true;
  }

  #sayReplaced(): void {
    this.#parts.log.warning("Messages' database was replaced: reading all of it again");
  }

  /** Messages were read once, or can't be: whoever waited for that may begin. */
  #stateChanged(): void {
    this.#parts.contacts.begin();
    this.#parts.conversations.begin();
  }

  #well(): void {
    this.#busySince = null;
    this.#retry.stop();
    if (this.#parts.state.live()) this.#stateChanged();
  }

  #broke(error: LiveSyncError, waiters: readonly SyncRequest[]): void {
    if (isLock(error) && this.#busyFor() < this.#parts.busyLimitMs) this.#requests.putBack(waiters);
    else this.#fail(explain(error, this.#parts.context, this.#sliceRows), waiters);
    this.#retry.later();
  }

  /** Milliseconds since the first of an unbroken row of locks. */
  #busyFor(): number {
    const now = this.#parts.clock.monotonic();
    this.#busySince ??= now;
    return now - this.#busySince;
  }

  #fail(failure: LiveSyncError, waiters: readonly SyncRequest[]): void {
    for (const waiter of waiters) waiter.reject(failure);
    if (this.#parts.state.failed(failure)) this.#stateChanged();
    if (isOurs(failure)) return;
    this.#letGo();
    // What stands before the damage can be read: by ever smaller slices all of it comes in.
    if (failure.code === "source_damaged") this.#sliceRows = Math.max(1, Math.trunc(this.#sliceRows / 4));
  }

  /** Attached anew it is read anew: SQLite keeps pages and columns that may have been mended behind its back. */
  #letGo(): void {
    try {
      this.#parts.context.source.detach();
    } catch (error) {
      // The next attach does it first, and says what is wrong if it can't.
      if (!(error instanceof LiveSyncError)) throw error;
    }
  }
}
