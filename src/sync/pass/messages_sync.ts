/**
 * Messages' database into ours, step by step. A step is one transaction; whoever calls decides when the next one comes.
 *
 *   first import ── done ──▶ live ── a pass comes upon another content ──▶ forgetting ── nothing left ──▶ live, from row 1
 *   (first_import.ts)                                                      (recognition.ts)
 *
 * Until the import is done nothing is noted and nothing told; afterwards every change is, but for a backlog of more than
 * 10,000 rows, which is told as one `resync`.
 */
import { integer } from "../../sqlite/row.ts";
import type { FileIdentity } from "../../source/source_files.ts";
import { STATE_KEYS } from "../../store/state.ts";
import { type ChangeReader, NO_SLICE, type RowRange, wholeSlice } from "./changed_rows.ts";
import { unlessReplaced } from "./source_replaced.ts";
import { Conversations } from "../conversations/conversations.ts";
import { deafenedFromText, deafenedToText } from "./deleted_wal.ts";
import { FirstImport, type ImportProgress } from "../import/first_import.ts";
import { HomeRegion } from "./home_region.ts";
import { PendingChanges } from "./pending_changes.ts";
import type { ChangeLog } from "./change_log.ts";
import { runPass } from "./pass.ts";
import { type PassContext, type PassPlan, plainPlan } from "./pass_plan.ts";
import { type Relation, SourceIdentity } from "./source_identity.ts";
import { Comparison, isLast } from "./comparison.ts";
import { AlreadyExamined } from "./already_examined.ts";
import { defineSqlFunctions } from "./sql_functions.ts";
import backlogSql from "./sql/backlog.sql" with { type: "text" };
import tempTables from "./sql/temp_tables.sql" with { type: "text" };
import { hasFollowUps, newestJoins } from "./selection.ts";
import { NO_PASS, stepOf, type StepOutcome, storeLastSync } from "./step.ts";

/** Reason of the thorough pass that follows a quick one. */
export const LOOK_BACK = "look_back";

export interface MessagesSyncOptions {
  /** Two-letter region for numbers without a country code; null: the one that most handles have. */
  readonly region: string | null;
  /** Sources with more messages are imported without indexes first. Default 20,000. */
  readonly deferIndexesAbove?: number;
  /** A backlog of more rows is told as one resync. Default 10,000. */
  readonly bulkAbove?: number;
  /** So many of the newest messages are looked at again in every live step. Default 48. */
  readonly lookBack?: number;
  /** Reads the source's WAL. Default: nothing tells what changed, so passes look back. */
  readonly changes?: ChangeReader | null;
  /** Time between two messages of a chat that ends a conversation. Default 90 minutes. */
  readonly conversationGapMs?: number;
  /** Whether a client may have left with a position since this process began. Default: none has. */
  readonly clientsLeft?: () => boolean;
}

export class MessagesSync {
  readonly conversations: Conversations;
  readonly comparison: Comparison;
  readonly #context: PassContext;
  readonly #changeLog: ChangeLog;
  readonly #options: Required<Omit<MessagesSyncOptions, "conversationGapMs" | "changes">>;
  readonly #sourceIdentity: SourceIdentity;
  readonly #pendingChanges: PendingChanges;
  readonly #since = new AlreadyExamined();
  readonly #import: FirstImport;
  readonly #region: HomeRegion;
  /** Events of the rewalk under way; past the limit the rest is told as one resync. */
  #toldInRewalk = 0;

  /**
   * Makes the work tables and registers the functions; the connection must have no source attached yet. To be made
   * before anybody is told a position of the feed. Throws SqliteError.
   */
  constructor(context: PassContext, changeLog: ChangeLog, options: MessagesSyncOptions) {
    const { db, state } = context;
    this.#context = context;
    this.#changeLog = changeLog;
    this.#options = {
      deferIndexesAbove: 20_000,
      bulkAbove: 10_000,
      lookBack: 48,
      clientsLeft: () => false,
      ...options,
    };
    this.#sourceIdentity = new SourceIdentity(context);
    this.#pendingChanges = new PendingChanges(db, state, options.changes ?? null);
    this.#region = new HomeRegion(db, state, options.region);
    this.#import = new FirstImport(
      { context, changeLog, pendingChanges: this.#pendingChanges, since: this.#since },
      this.#options,
    );
    defineSqlFunctions(db);
    db.exec(tempTables);
    context.source.deafened = deafenedFromText(state.get(STATE_KEYS.sourceDeafened));
    this.comparison = new Comparison(db, state);
    this.conversations = new Conversations(db, state, options.conversationGapMs);
  }

  /**
   * Attaches the file and finds out whether it is the one that the watermarks belong to; if not, everything is read
   * again and matched by GUID. Throws what {@link MessagesDb.attach} throws.
   */
  attach(identity: FileIdentity): Relation {
    const { source, state } = this.#context;
    source.attach(identity);
    state.set(STATE_KEYS.sourceDeafened, null);
    try {
      return this.#recognise(identity);
    } catch (error) {
      // Attached but not recognised would be taken for the file that the watermarks belong to.
      source.detach();
      throw error;
    }
  }

  /** Lets the file go whose WAL was deleted, and remembers it over a restart. Throws as {@link MessagesDb.letGoDeaf}. */
  letGoDeaf(): void {
    const { source, state } = this.#context;
    source.letGoDeaf();
    state.set(STATE_KEYS.sourceDeafened, deafenedToText(source.deafened));
  }

  #recognise(identity: FileIdentity): Relation {
    this.#since.forget();
    const relation = this.#sourceIdentity.relation(identity);
    this.#pendingChanges.startAt(relation === "same" ? this.#context.state.get(STATE_KEYS.walPlace) : null);
    this.#sourceIdentity.take(identity, relation, () => this.comparison.forget());
    // Contacts read numbers with it, and need not wait for the first pass.
    this.#region.get();
    return relation;
  }

  /** Rows that the import which has just ended handled. */
  get importedRows(): number {
    return this.#import.rows;
  }

  /** `null` before the first import began and when it is done. */
  get importProgress(): ImportProgress | null {
    return this.#import.progress;
  }

  /** False until the first import is stored as complete. */
  get imported(): boolean {
    return this.#import.done;
  }

  /** To be called when clients were told that the import ended. Throws SqliteError. */
  importTold(): void {
    this.#import.told();
  }

  /**
   * One transaction's worth of work, `thorough` as in {@link PassPlan}. The source must be attached. Throws SqliteError;
   * nothing of the step is kept then.
   */
  step(sliceRows: number, reason: string, nowMs: number, thorough = false): StepOutcome {
    this.#context.source.followSchema();
    // A step waits for nobody, so nobody else sets any state meanwhile.
    return this.#context.state.reading(() => this.#step(sliceRows, reason, nowMs, thorough));
  }

  #step(sliceRows: number, reason: string, nowMs: number, thorough: boolean): StepOutcome {
    const plan = plainPlan({ sliceRows, region: this.#region.get(), nowMs });
    if (this.#sourceIdentity.forgetting) {
      this.#sourceIdentity.forgetSlice();
      return stepOf(NO_PASS, {});
    }
    const isReplaced = () => this.#sourceIdentity.isReplaced();
    const imported = unlessReplaced(() => ({ slice: this.#import.step({ ...plan, isReplaced }) }));
    if (imported === null) return this.#recogniseAnew();
    if (imported.slice !== null) return imported.slice;
    return unlessReplaced(() => this.#catchUp(plan, reason, thorough)) ?? this.#recogniseAnew();
  }

  /** Between the restore that a pass came upon and now the right content may have come back. */
  #recogniseAnew(): StepOutcome {
    const { identity } = this.#context.source;
    const replaced = identity !== null && this.#recognise(identity) === "replaced";
    return stepOf(NO_PASS, { replaced });
  }

  #catchUp(plan: PassPlan, reason: string, thorough: boolean): StepOutcome {
    const { outbox, state } = this.#context;
    const rewalk = state.get(STATE_KEYS.rewalk) === "1";
    if (!rewalk) this.#toldInRewalk = 0;
    // Whatever is asked for or comes after a pause is owed a look at all that waits.
    const joinsSeen = reason === "commit" || reason === LOOK_BACK ? this.#since.joinsSeen : null;
    if (joinsSeen === null && this.#pendingChanges.empty) {
      this.#since.joinsBefore = newestJoins(this.#context);
    }
    const changed = this.#pendingChanges.read();
    const { gap } = this.#pendingChanges;
    let bulk = state.get(STATE_KEYS.bulk) === "1";
    this.#changeLog.set(bulk ? "off" : "all");
    this.conversations.watch();
    const outcome = runPass(this.#context, {
      ...plan,
      isReplaced: () => this.#sourceIdentity.isReplaced(),
      lookBack: this.#options.lookBack,
      changed,
      listed: gap,
      conversations: this.conversations,
      thorough: thorough || gap,
      // What follows a quick pass has seen no commit of its own, so nothing can have been deleted.
      letGo: reason !== LOOK_BACK,
      joinsSeen,
      tapbacksAfter: this.#since.tapbacksAfter,
      // Only behind a full slice there can be a backlog; counting it each time would cost a live pass 0.1 ms.
      announce: (sliceIsFull) => {
        bulk ||= !rewalk && sliceIsFull && this.#backlogIsBig();
        return !bulk;
      },
      alsoCommit: (done) => {
        if (bulk) state.set(STATE_KEYS.bulk, done.more ? "1" : null);
        if (bulk && !done.more) outbox.breakFeed();
        if (rewalk && !bulk && done.more) {
          this.#toldInRewalk += done.events.length;
          if (this.#toldInRewalk > this.#options.bulkAbove) state.set(STATE_KEYS.bulk, "1");
        }
        // Before the start anything may have happened, and nothing says that it did.
        if (changed !== null && gap) this.comparison.begin(true, reason !== "start");
        if (changed !== null) this.#pendingChanges.storePlace(changed);
        if (rewalk && !done.more) state.set(STATE_KEYS.rewalk, null);
        if (done.events.length > 0 || bulk) storeLastSync(state, reason, plan.nowMs);
      },
    });
    this.#since.tapbacksAfter = outcome.tapbacksAfter;
    this.#pendingChanges.passed(changed, outcome);
    // A quick pass that was given nothing to go on from has seen nothing.
    if (outcome.thorough || changed !== null) {
      this.#since.joinsSeen = outcome.joinsSeen ??
        (this.#pendingChanges.empty ? this.#since.joinsBefore : null);
      if (this.#pendingChanges.empty) this.#since.joinsBefore = null;
    }
    return stepOf(outcome, {
      // Where the WAL tells what changed there is nothing to look back for.
      thorough: outcome.thorough || changed !== null,
      more: outcome.more || !this.#pendingChanges.empty || outcome.leftFollowUps,
      resync: bulk && !outcome.more,
    });
  }

  #backlogIsBig(): boolean {
    const { bulkAbove } = this.#options;
    const { db, state } = this.#context;
    const after = state.getInteger(STATE_KEYS.messageRowid);
    const row = db.prepare(backlogSql).get({ after, most: bulkAbove + 1 }) ?? { n: 0 };
    return integer(row, "n") > bulkAbove;
  }

  /** One slice of the walk that compares everything; null when there is none to do now. Throws as {@link step}. */
  compareStep(nowMs: number): StepOutcome | null {
    const { state } = this.#context;
    if (!this.imported || state.get(STATE_KEYS.rewalk) === "1" || state.get(STATE_KEYS.bulk) === "1") {
      return null;
    }
    const range = this.comparison.next();
    if (range === null && !hasFollowUps(this.#context)) return null;
    // What another content does not have would look deleted; the pass that its commit brings about recognises it first.
    return unlessReplaced(() => this.#compare(range, nowMs));
  }

  /** `range` null: nothing is left but what slices before put off. */
  #compare(range: RowRange | null, nowMs: number): StepOutcome {
    const { outbox, state } = this.#context;
    const isEnd = range !== null && isLast(range);
    const untold = this.comparison.mendedSoFar > this.#options.bulkAbove;
    this.#changeLog.set("all");
    this.conversations.watch();
    const outcome = runPass(this.#context, {
      ...plainPlan({ sliceRows: 0, region: this.#region.known, nowMs }),
      isReplaced: () => this.#sourceIdentity.isReplaced(),
      takeNew: false,
      thorough: false,
      letGo: false,
      changed: range === null ? NO_SLICE : wholeSlice(range),
      joinsSeen: this.#since.joinsSeen,
      conversations: this.conversations,
      announce: () => true,
      untold,
      alsoCommit: (done) => {
        if (range !== null) this.comparison.mended(range, done.mended, nowMs);
        if (untold && isEnd) outbox.breakFeed();
        if (done.events.length > 0 || untold) storeLastSync(state, "reconcile", nowMs);
      },
    });
    return stepOf(outcome, {
      thorough: true,
      more: this.comparison.walking || outcome.leftFollowUps,
      resync: untold && isEnd,
    });
  }
}
