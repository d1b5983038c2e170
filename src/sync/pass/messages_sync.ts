/**
 * Messages' database into ours, step by step. A step is one transaction; whoever calls decides when the next one comes.
 *
 *   first import ── done ──▶ live ── a pass comes upon another content ──▶ forgetting ── nothing left ──▶ live, from row 1
 *   (first_import.ts)                                                      (source_identity.ts)
 *
 * Until the import is done nothing is logged as a change and nothing told; afterwards every change is, but for a backlog of
 * more than 10,000 rows, which is told as one `resync`.
 */
import type { FileIdentity } from "../../source/source_files.ts";
import { STATE_KEYS } from "../../store/state.ts";
import type { ChangeReader } from "./changed_rows.ts";
import { Conversations } from "../conversations/conversations.ts";
import { deafenedFromText, deafenedToText } from "./deleted_wal.ts";
import { FirstImport, type ImportProgress, type Slice } from "../import/first_import.ts";
import { HomeRegion } from "./home_region.ts";
import { PendingChanges } from "./pending_changes.ts";
import type { ChangeLog } from "./change_log.ts";
import { type PassParts, runPass } from "./pass.ts";
import type { PassContext, Rewalk } from "./pass_plan.ts";
import { type Relation, SourceIdentity } from "./source_identity.ts";
import { Comparison, isLast } from "./comparison.ts";
import { AlreadyExamined, trustsJoins } from "./already_examined.ts";
import { defineSqlFunctions } from "./sql_functions.ts";
import tempTables from "./sql/temp_tables.sql" with { type: "text" };
import { newestJoins } from "./joins.ts";
import { hasFollowUps } from "./selection.ts";
import { NO_PASS, stepOf, type StepOutcome } from "./step.ts";

export interface MessagesSyncOptions {
  /** Two-letter region for numbers without a country code; null: the one that most handles have. */
  readonly region: string | null;
  /** Sources with more messages are imported without indexes first. Default 20,000. */
  readonly deferIndexesAbove?: number;
  /** A backlog of more rows is told as one resync. Default 10,000. */
  readonly bulkAbove?: number;
  /** So many of the newest messages are examined again in every live step. Default 48. */
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
  readonly #parts: PassParts;
  readonly #changeLog: ChangeLog;
  readonly #options: Required<Omit<MessagesSyncOptions, "conversationGapMs" | "changes">>;
  readonly #sourceIdentity: SourceIdentity;
  readonly #pendingChanges: PendingChanges;
  readonly #examined = new AlreadyExamined();
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
    defineSqlFunctions(db);
    db.exec(tempTables);
    context.source.deafened = deafenedFromText(state.get(STATE_KEYS.sourceDeafened));
    this.comparison = new Comparison(db, state);
    this.conversations = new Conversations(db, state, options.conversationGapMs);
    this.#parts = {
      context,
      identity: this.#sourceIdentity,
      conversations: this.conversations,
      comparison: this.comparison,
      pendingChanges: this.#pendingChanges,
    };
    this.#import = new FirstImport(
      { parts: this.#parts, changeLog, pendingChanges: this.#pendingChanges, examined: this.#examined },
      this.#options,
    );
  }

  /**
   * Attaches the file and finds out whether it is the one that the watermarks belong to; if not, everything is read
   * again and matched by GUID. Throws what {@link MessagesDb.attach} throws.
   */
  attach(identity: FileIdentity): Relation {
    const { source, state } = this.#parts.context;
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
    const { source, state } = this.#parts.context;
    source.letGoDeaf();
    state.set(STATE_KEYS.sourceDeafened, deafenedToText(source.deafened));
  }

  #recognise(identity: FileIdentity): Relation {
    this.#examined.forget();
    const relation = this.#sourceIdentity.relation(identity);
    this.#pendingChanges.startAt(
      relation === "same" ? this.#parts.context.state.get(STATE_KEYS.walPlace) : null,
    );
    this.#sourceIdentity.take(identity, relation);
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
   * One transaction's worth of work, `thorough` as in {@link LivePass}. The source must be attached. Throws SqliteError;
   * nothing of the step is kept then.
   */
  step(sliceRows: number, reason: string, nowMs: number, thorough = false): StepOutcome {
    this.#parts.context.source.followSchema();
    // A step waits for nobody, so nobody else sets any state meanwhile.
    return this.#parts.context.state.reading(() => this.#step(sliceRows, reason, nowMs, thorough));
  }

  #step(sliceRows: number, reason: string, nowMs: number, thorough: boolean): StepOutcome {
    if (this.#sourceIdentity.forgetting) {
      this.#sourceIdentity.forgetSlice();
      return stepOf(NO_PASS, {});
    }
    const slice = { sliceRows, region: this.#region.get(), nowMs };
    const step = this.#import.isOver() ? this.#catchUp(slice, reason, thorough) : this.#import.step(slice);
    return step ?? this.#recogniseAnew();
  }

  /** Between the restore that a pass came upon and now the right content may have come back. */
  #recogniseAnew(): StepOutcome {
    const { identity } = this.#parts.context.source;
    const replaced = identity !== null && this.#recognise(identity) === "replaced";
    return stepOf(NO_PASS, { replaced });
  }

  /** Null: the source's content is not the one that the watermarks belong to. */
  #catchUp(slice: Slice, reason: string, thorough: boolean): StepOutcome | null {
    const { context } = this.#parts;
    const joinsSeen = trustsJoins(reason) ? this.#examined.joinsSeen : null;
    if (joinsSeen === null && this.#pendingChanges.empty) {
      this.#examined.readingBegins(newestJoins(context.db));
    }
    const changed = this.#pendingChanges.read();
    const rewalk = this.#rewalk();
    this.#changeLog.set(context.state.get(STATE_KEYS.bulk) === "1" ? "off" : "all");
    this.conversations.watch();
    const outcome = runPass(this.#parts, {
      kind: "live",
      ...slice,
      reason,
      lookBack: this.#options.lookBack,
      thorough,
      changed,
      gap: this.#pendingChanges.gap,
      joinsSeen,
      tapbacksAfter: this.#examined.tapbacksAfter,
      rewalk,
      bulkAbove: this.#options.bulkAbove,
    });
    if (outcome === null) return null;
    if (rewalk !== null && outcome.more && !outcome.bulk) this.#toldInRewalk += outcome.events.length;
    this.#pendingChanges.passed(changed, outcome);
    const toldByWal = changed !== null;
    this.#examined.passed(outcome, { toldByWal, isQueueEmpty: this.#pendingChanges.empty });
    return stepOf(outcome, {
      // Where the WAL tells what changed there is nothing to look back for.
      thorough: outcome.thorough || toldByWal,
      more: outcome.more || !this.#pendingChanges.empty || outcome.leftFollowUps,
      resync: outcome.bulk && !outcome.more,
    });
  }

  #rewalk(): Rewalk | null {
    if (this.#parts.context.state.get(STATE_KEYS.rewalk) === "1") return { told: this.#toldInRewalk };
    this.#toldInRewalk = 0;
    return null;
  }

  /** One slice of the walk that compares everything; null when there is none to do now. Throws as {@link step}. */
  compareStep(nowMs: number): StepOutcome | null {
    const { context } = this.#parts;
    const { state } = context;
    if (!this.imported || state.get(STATE_KEYS.rewalk) === "1" || state.get(STATE_KEYS.bulk) === "1") {
      return null;
    }
    const range = this.comparison.next();
    if (range === null && !hasFollowUps(context)) return null;
    const isEnd = range !== null && isLast(range);
    const untold = this.comparison.mendedSoFar > this.#options.bulkAbove;
    this.#changeLog.set("all");
    this.conversations.watch();
    const outcome = runPass(this.#parts, {
      kind: "compare",
      range,
      isEnd,
      region: this.#region.known,
      nowMs,
      joinsSeen: this.#examined.joinsSeen,
      untold,
    });
    // What another content does not have would look deleted; the pass that its commit brings about recognises it first.
    if (outcome === null) return null;
    return stepOf(outcome, {
      thorough: true,
      more: this.comparison.walking || outcome.leftFollowUps,
      resync: untold && isEnd,
    });
  }
}
