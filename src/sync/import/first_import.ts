/**
 * The first import, a slice per step, with nothing logged as a change and nothing told.
 *
 *   (no phase) ── first step ──▶ rows ── nothing new ──▶ build_indexes ──▶ rest ── nothing left ──▶ done
 *                     └── a small source keeps its indexes ────────────────▶ rest
 *
 * The phase stands in `live_sync_state`, so a start after a kill goes on where it was.
 */
import { deferIndexes } from "../../store/deferred_indexes.ts";
import { STATE_KEYS } from "../../store/state.ts";
import type { PendingChanges } from "../pass/pending_changes.ts";
import type { ChangeLog } from "../pass/change_log.ts";
import { type PassParts, runPass } from "../pass/pass.ts";
import type { ImportRows } from "../pass/pass_plan.ts";
import type { AlreadyExamined } from "../pass/already_examined.ts";
import { sourceSize } from "../pass/bookkeeping.ts";
import { stepOf, type StepOutcome } from "../pass/step.ts";

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
  readonly parts: PassParts;
  readonly changeLog: ChangeLog;
  readonly pendingChanges: Pick<PendingChanges, "skip">;
  readonly examined: Pick<AlreadyExamined, "tapbacksAfter">;
}

/** What a slice is given, whatever its kind. */
export type Slice = Omit<ImportRows, "kind">;

export class FirstImport {
  readonly #parts: PassParts;
  readonly #changeLog: ChangeLog;
  readonly #pendingChanges: Pick<PendingChanges, "skip">;
  readonly #examined: Pick<AlreadyExamined, "tapbacksAfter">;
  readonly #options: FirstImportOptions;
  #rows = 0;
  #checking = true;
  /** Once it was found stored as complete: nothing undoes that. */
  #done = false;
  /** What a former process began, and did not tell the end of: its clients are gone, with their positions. */
  #inherited: boolean;

  /** To be made before anybody is told a position of the feed. Throws SqliteError. */
  constructor(ports: FirstImportPorts, options: FirstImportOptions) {
    const { parts, changeLog, pendingChanges, examined } = ports;
    this.#parts = parts;
    this.#changeLog = changeLog;
    this.#pendingChanges = pendingChanges;
    this.#examined = examined;
    this.#options = options;
    this.#inherited = parts.context.state.get(STATE_KEYS.importUntold) === "1";
    this.#catchUpTelling();
  }

  /** A former process ended the import, and died before it told: whoever comes back with a position is told. */
  #catchUpTelling(): void {
    if (!this.#inherited || !this.done) return;
    const { db, outbox } = this.#parts.context;
    db.transaction(() => {
      outbox.breakFeed();
      this.told();
    });
    this.#inherited = false;
  }

  /** False until it is stored as complete. */
  get done(): boolean {
    return this.#done || this.#parts.context.state.get(STATE_KEYS.importPhase) === "done";
  }

  /** As {@link done}, and remembers it: to be asked outside a transaction, which could take it back. */
  isOver(): boolean {
    this.#done ||= this.done;
    return this.#done;
  }

  /** Rows that the import which has just ended handled. */
  get rows(): number {
    return this.#rows;
  }

  /** Null before it began and when it is done. */
  get progress(): ImportProgress | null {
    if (this.#done) return null;
    const { state } = this.#parts.context;
    const phase = state.get(STATE_KEYS.importPhase);
    if (phase === "done" || phase === null) return null;
    const done = state.getInteger(STATE_KEYS.importDone);
    return { done, total: Math.max(done, state.getInteger(STATE_KEYS.importTotal)) };
  }

  /** To be called when clients were told that the import ended. Throws SqliteError. */
  told(): void {
    this.#parts.context.state.set(STATE_KEYS.importUntold, null);
  }

  /**
   * The next slice. Null: the source's content is not the one that the watermarks belong to. Throws SqliteError; nothing of
   * the slice is kept then.
   */
  step(slice: Slice): StepOutcome | null {
    const { state } = this.#parts.context;
    if (state.get(STATE_KEYS.importPhase) === null) this.#begin();
    return state.get(STATE_KEYS.importPhase) === "rows" ? this.#importRows(slice) : this.#importRest(slice);
  }

  #begin(): void {
    const { db, probe, state } = this.#parts.context;
    // What changes while the import runs is read from here on.
    const place = this.#pendingChanges.skip();
    const total = sourceSize(db);
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

  #importRows(slice: Slice): StepOutcome | null {
    this.#changeLog.set("off");
    this.#checkForeignKeys(false);
    const outcome = runPass(this.#parts, { kind: "import_rows", ...slice });
    if (outcome === null) return null;
    if (outcome.more) return stepOf(outcome, {});
    return stepOf(outcome, { kind: "build_indexes", more: true });
  }

  #importRest(slice: Slice): StepOutcome | null {
    this.#changeLog.set("off");
    this.#checkForeignKeys(true);
    const { probe, state } = this.#parts.context;
    const doneBefore = state.getInteger(STATE_KEYS.importDone);
    const outcome = runPass(this.#parts, {
      kind: "import_rest",
      ...slice,
      tapbacksAfter: this.#examined.tapbacksAfter,
      breaksFeed: this.#inherited || this.#options.clientsLeft(),
    });
    if (outcome === null) return null;
    this.#rows = doneBefore + outcome.newMessages + outcome.newAttachments;
    this.#examined.tapbacksAfter = outcome.tapbacksAfter;
    if (outcome.more) return stepOf(outcome, {});
    this.#inherited = false;
    probe("import.done.not_told");
    return stepOf(outcome, { importCompleted: true, resync: true });
  }

  /** In the first part every id comes from a join with its parent in the same statement: checking costs 15 % for nothing. */
  #checkForeignKeys(wanted: boolean): void {
    if (wanted === this.#checking) return;
    this.#parts.context.db.exec(wanted ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
    this.#checking = wanted;
  }
}
