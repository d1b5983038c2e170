/**
 * The first import, a slice per step, with nothing noted and nothing told.
 *
 *   (no phase) ── first step ──▶ rows ── nothing new ──▶ build_indexes ──▶ rest ── nothing left ──▶ done
 *                     └── a small source keeps its indexes ────────────────▶ rest
 *
 * The phase stands in `live_sync_state`, so a start after a kill goes on where it was.
 */
import { integer } from "../../sqlite/row.ts";
import { deferIndexes } from "../../store/deferred_indexes.ts";
import { STATE_KEYS } from "../../store/state.ts";
import type { PendingChanges } from "../pass/pending_changes.ts";
import type { ChangeLog } from "../pass/change_log.ts";
import { runPass } from "../pass/pass.ts";
import type { PassContext, PassOutcome, PassPlan } from "../pass/pass_plan.ts";
import type { AlreadyExamined } from "../pass/already_examined.ts";
import sourceSize from "../pass/sql/source_size.sql" with { type: "text" };
import { stepOf, type StepOutcome, storeLastSync } from "../pass/step.ts";

/** How far the import is. */
export interface ImportProgress {
  /** Rows of messages and attachments handled so far, of `total`. */
  readonly done: number;
  readonly total: number;
}

export interface FirstImportOptions {
  /** Sources with more messages are imported without indexes first. */
  readonly deferIndexesAbove: number;
  /** Whether a client may have left with a position since this process began. */
  readonly clientsLeft: () => boolean;
}

export interface FirstImportPorts {
  readonly context: PassContext;
  readonly changeLog: ChangeLog;
  readonly pendingChanges: Pick<PendingChanges, "skip">;
  readonly since: AlreadyExamined;
}

export class FirstImport {
  readonly #context: PassContext;
  readonly #changeLog: ChangeLog;
  readonly #pendingChanges: Pick<PendingChanges, "skip">;
  readonly #since: AlreadyExamined;
  readonly #options: FirstImportOptions;
  #rows = 0;
  #checking = true;
  /** Once it was found stored as complete: nothing undoes that. */
  #done = false;
  /** What a former process began, and did not tell the end of: its clients are gone, with their positions. */
  #inherited: boolean;

  /** To be made before anybody is told a position of the feed. Throws SqliteError. */
  constructor({ context, changeLog, pendingChanges, since }: FirstImportPorts, options: FirstImportOptions) {
    this.#context = context;
    this.#changeLog = changeLog;
    this.#pendingChanges = pendingChanges;
    this.#since = since;
    this.#options = options;
    this.#inherited = context.state.get(STATE_KEYS.importUntold) === "1";
    this.#catchUpTelling();
  }

  /** A former process ended the import, and died before it told: whoever comes back with a position is told. */
  #catchUpTelling(): void {
    if (!this.#inherited || !this.done) return;
    const { db, outbox } = this.#context;
    db.transaction(() => {
      outbox.breakFeed();
      this.told();
    });
    this.#inherited = false;
  }

  /** False until it is stored as complete. */
  get done(): boolean {
    return this.#done || this.#context.state.get(STATE_KEYS.importPhase) === "done";
  }

  /** Rows that the import which has just ended handled. */
  get rows(): number {
    return this.#rows;
  }

  /** Null before it began and when it is done. */
  get progress(): ImportProgress | null {
    if (this.#done) return null;
    const { state } = this.#context;
    const phase = state.get(STATE_KEYS.importPhase);
    if (phase === "done" || phase === null) return null;
    const done = state.getInteger(STATE_KEYS.importDone);
    return { done, total: Math.max(done, state.getInteger(STATE_KEYS.importTotal)) };
  }

  /** To be called when clients were told that the import ended. Throws SqliteError. */
  told(): void {
    this.#context.state.set(STATE_KEYS.importUntold, null);
  }

  /** The next slice of `plan`; null when the import is done. Throws SqliteError; nothing of the slice is kept then. */
  step(plan: PassPlan): StepOutcome | null {
    if (this.#done) return null;
    const { state } = this.#context;
    if (state.get(STATE_KEYS.importPhase) === null) this.#begin();
    switch (state.get(STATE_KEYS.importPhase)) {
      case "rows":
        return this.#importRows(plan);
      case "rest":
        return this.#importRest(plan);
      default:
        // No transaction is open here that could take it back.
        this.#done = true;
        return null;
    }
  }

  #begin(): void {
    const { db, probe, state } = this.#context;
    // What changes while the import runs is read from here on.
    const place = this.#pendingChanges.skip();
    const total = integer(db.prepare(sourceSize).get() ?? { n: 0 }, "n");
    db.transaction(() => {
      const deferred = total > this.#options.deferIndexesAbove;
      if (deferred) deferIndexes(db, state);
      state.set(STATE_KEYS.walPlace, place);
      state.set(STATE_KEYS.importTotal, total);
      state.set(STATE_KEYS.importDone, 0);
      state.set(STATE_KEYS.importPhase, deferred ? "rows" : "rest");
      state.set(STATE_KEYS.importUntold, "1");
      probe("import.begin.before_commit");
    });
    probe("import.begin.after_commit");
  }

  #importRows(plan: PassPlan): StepOutcome {
    this.#changeLog.set("off");
    this.#checkForeignKeys(false);
    const outcome = runPass(this.#context, {
      ...plan,
      scope: "rows",
      alsoCommit: (done) => this.#addDone(done),
    });
    if (outcome.more) return stepOf(outcome, {});
    return stepOf(outcome, { kind: "finish_first_part", more: true });
  }

  #importRest(plan: PassPlan): StepOutcome {
    this.#changeLog.set("off");
    this.#checkForeignKeys(true);
    const { probe, state } = this.#context;
    const outcome = runPass(this.#context, {
      ...plan,
      tapbacksAfter: this.#since.tapbacksAfter,
      alsoCommit: (done) => {
        this.#addDone(done);
        this.#rows = state.getInteger(STATE_KEYS.importDone);
        if (!done.more) this.#end(plan.nowMs);
      },
    });
    this.#since.tapbacksAfter = outcome.tapbacksAfter;
    if (outcome.more) return stepOf(outcome, {});
    this.#inherited = false;
    probe("import.done.not_told");
    return stepOf(outcome, { importCompleted: true, resync: true });
  }

  /** In the transaction of the last slice. */
  #end(nowMs: number): void {
    const { outbox, state } = this.#context;
    state.set(STATE_KEYS.importPhase, "done");
    state.set(STATE_KEYS.importTotal, null);
    state.set(STATE_KEYS.importDone, null);
    storeLastSync(state, "import", nowMs);
    // The import made no events, so a position from before it would look as if nothing had been missed.
    if (this.#inherited || this.#options.clientsLeft()) outbox.breakFeed();
  }

  #addDone(outcome: PassOutcome): void {
    const { state } = this.#context;
    const done = state.getInteger(STATE_KEYS.importDone) + outcome.newMessages + outcome.newAttachments;
    state.set(STATE_KEYS.importDone, done);
  }

  /** In the first part every id comes from a join with its parent in the same statement: checking costs 15 % for nothing. */
  #checkForeignKeys(wanted: boolean): void {
    if (wanted === this.#checking) return;
    this.#context.db.exec(wanted ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
    this.#checking = wanted;
  }
}
