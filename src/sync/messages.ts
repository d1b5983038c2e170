/**
 * Messages' database into ours, step by step. A step is one transaction; whoever calls decides when the next one comes.
 *
 *   (no phase) ── first step ──▶ rows ── nothing new ──▶ finish_first_part ──▶ rest ── nothing left ──▶ done ─▶ live steps
 *                     └── a small source keeps its indexes ────────────────▶ rest
 *
 * The phase stands in `live_sync_state`, so a start after a kill goes on where it was. Until `done` nothing is noted and
 * nothing told; afterwards every change is, but for a backlog of more than 10,000 rows, which is told as one `resync`.
 */
import type { WireEvent } from "../model/feed.ts";
import { integer, textOrNull } from "../platform/row.ts";
import { type FileIdentity, sameFile } from "../source/presence.ts";
import { deferIndexes } from "../store/deferred_indexes.ts";
import { STATE_KEYS } from "../store/state.ts";
import { regionOfMostHandles } from "../transform/region.ts";
import {
  ChangedQueue,
  type ChangedSlice,
  type ChangeReader,
  type ChangeReading,
  wholeSlice,
} from "./changes.ts";
import { Conversations } from "./conversations.ts";
import { NO_NOTES, type NoteCounts } from "./notes.ts";
import type { Noting } from "./noting.ts";
import { type JoinsSeen, type PassContext, type PassOutcome, type PassPlan, runPass } from "./pass.ts";
import { isLast, NOTHING_MENDED, Reconcile } from "./reconcile.ts";
import { defineSqlFunctions } from "./sql_functions.ts";
import backlogSql from "./sql/backlog.sql" with { type: "text" };
import countriesSql from "./sql/countries.sql" with { type: "text" };
import emptiedTables from "./sql/emptied_tables.sql" with { type: "text" };
import forgetAttachments from "./sql/forget_rows_attachments.sql" with { type: "text" };
import forgetChatEvents from "./sql/forget_rows_chat_events.sql" with { type: "text" };
import forgetMessages from "./sql/forget_rows_messages.sql" with { type: "text" };
import forgetReactions from "./sql/forget_rows_reactions.sql" with { type: "text" };
import forgetRemovals from "./sql/forget_rows_removals.sql" with { type: "text" };
import forgetSource from "./sql/forget_source.sql" with { type: "text" };
import sourceSize from "./sql/source_size.sql" with { type: "text" };
import tempTables from "./sql/temp_tables.sql" with { type: "text" };
import { SQL } from "./statements.ts";

/** Reason of the thorough pass that follows a quick one. */
export const LOOK_BACK = "look_back";

const FORGET_ROWS = [
  forgetMessages,
  forgetAttachments,
  forgetChatEvents,
  forgetReactions,
  forgetRemovals,
] as const;
const FORGET_SLICE_ROWS = 5_000;
const NOTHING_DONE: PassOutcome = {
  newMessages: 0,
  newAttachments: 0,
  thorough: true,
  joinsSeen: null,
  more: true,
  tapbacksAfter: 0,
  counts: NO_NOTES,
  mended: NOTHING_MENDED,
  followUp: [],
  events: [],
};

/** So many row ids that commits may have changed are looked at in one pass. */
const CHANGED_SLICE_ROWS = 2_000;

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

/** How far the import is; `null` when it is done. */
export interface ImportProgress {
  /** Rows of messages and attachments handled so far, of `total`. */
  readonly done: number;
  readonly total: number;
}

export interface StepOutcome {
  readonly kind: "pass" | "finish_first_part";
  readonly events: readonly WireEvent[];
  readonly counts: NoteCounts;
  /** What waits and what is recent was looked at again, too. */
  readonly thorough: boolean;
  /** There is more to do at once. */
  readonly more: boolean;
  /** This step ended the first import. */
  readonly importCompleted: boolean;
  /** Clients have to read again: what this catch-up brought was not told row by row. */
  readonly resync: boolean;
  /** The attached file's content turned out to be another one; all of it is read again. */
  readonly replaced: boolean;
}

export class MessagesSync {
  readonly #context: PassContext;
  readonly conversations: Conversations;
  readonly #options: Required<Omit<MessagesSyncOptions, "conversationGapMs" | "changes">>;
  readonly #noting: Noting;
  readonly reconcile: Reconcile;
  readonly #changes: ChangeReader | null;
  /** What commits may have changed and no pass has looked at. */
  readonly #queue = new ChangedQueue();
  /** Where the last reading of the WAL ended. */
  #place: string | null = null;
  /** Commits may have been missed, and no pass has looked back since. */
  #gap = false;
  #importedRows = 0;
  /** Events of the rewalk under way; past the limit the rest is told as one resync. */
  #toldInRewalk = 0;
  #checking = true;
  /** Where the sweep over waiting tapbacks stands; null: done since the source was attached. */
  #tapbacksAfter: number | null = 0;
  /** The joins that a thorough pass has looked at since the source was attached. */
  #joinsSeen: JoinsSeen | null = null;
  #region: string | null = null;
  /** What a former process began, and did not tell the end of: its clients are gone, with their positions. */
  #inherited: boolean;

  /**
   * Makes the work tables and registers the functions; the connection must have no source attached yet. To be made
   * before anybody is told a position of the feed. Throws SqliteError.
   */
  constructor(context: PassContext, noting: Noting, options: MessagesSyncOptions) {
    this.#context = context;
    this.#noting = noting;
    this.#options = {
      deferIndexesAbove: 20_000,
      bulkAbove: 10_000,
      lookBack: 48,
      clientsLeft: () => false,
      ...options,
    };
    this.#inherited = context.state.get(STATE_KEYS.importUntold) === "1";
    this.#catchUpTelling();
    defineSqlFunctions(context.db);
    context.db.exec(tempTables);
    this.#changes = options.changes ?? null;
    this.reconcile = new Reconcile(context.db, context.state);
    this.conversations = new Conversations(context.db, context.state, options.conversationGapMs);
  }

  /**
   * Attaches the file and finds out whether it is the one that the watermarks belong to; if not, everything is read
   * again and matched by GUID. Throws what {@link MessagesDb.attach} throws.
   */
  attach(identity: FileIdentity): "first" | "same" | "replaced" {
    const { source } = this.#context;
    source.attach(identity);
    try {
      return this.#recognise(identity);
    } catch (error) {
      // Attached but not recognised would be taken for the file that the watermarks belong to.
      source.detach();
      throw error;
    }
  }

  #recognise(identity: FileIdentity): "first" | "same" | "replaced" {
    const { state, db } = this.#context;
    this.#tapbacksAfter = 0;
    this.#joinsSeen = null;
    this.#queue.clear();
    const relation = this.#relation(identity);
    this.#changes?.startAt(relation === "same" ? state.get(STATE_KEYS.walPlace) : null);
    if (relation === "replaced") {
      db.transaction(() => {
        db.exec(forgetSource);
        for (
          const key of [
            STATE_KEYS.messageRowid,
            STATE_KEYS.attachmentRowid,
            STATE_KEYS.handleRowid,
            STATE_KEYS.chatRowid,
          ]
        ) {
          state.set(key, 0);
        }
        state.set(STATE_KEYS.messageGuid, null);
        state.set(STATE_KEYS.walPlace, null);
        // Until the import is done its rows may have no index to find them by.
        if (this.imported) state.set(STATE_KEYS.forgetting, "1");
        this.reconcile.forget();
        state.set(STATE_KEYS.rewalk, "1");
        state.set(STATE_KEYS.sourceIdentity, JSON.stringify(identity));
        this.#context.probe("replaced.before_commit");
      });
      this.#context.probe("replaced.after_commit");
    } else {
      db.transaction(() => {
        state.set(STATE_KEYS.sourceIdentity, JSON.stringify(identity));
        db.prepare(SQL.pendingGone).run({ limit: -1 });
      });
    }
    this.#region = this.#readRegion();
    return relation;
  }

  /** A former process ended the import, and died before it told: whoever comes back with a position is told. */
  #catchUpTelling(): void {
    if (!this.#inherited || !this.imported) return;
    const { db, outbox } = this.#context;
    db.transaction(() => {
      outbox.breakFeed();
      this.importTold();
    });
    this.#inherited = false;
  }

  /** Rows that the import which has just ended handled. */
  get importedRows(): number {
    return this.#importedRows;
  }

  get importProgress(): ImportProgress | null {
    const { state } = this.#context;
    const phase = state.get(STATE_KEYS.importPhase);
    if (phase === "done" || phase === null) return null;
    const done = state.getInteger(STATE_KEYS.importDone);
    return { done, total: Math.max(done, state.getInteger(STATE_KEYS.importTotal)) };
  }

  /** False until the first import is stored as complete. */
  get imported(): boolean {
    return this.#context.state.get(STATE_KEYS.importPhase) === "done";
  }

  /** To be called when clients were told that the import ended. Throws SqliteError. */
  importTold(): void {
    this.#context.state.set(STATE_KEYS.importUntold, null);
  }

  /** One transaction's worth of work, `thorough` as in {@link PassPlan}. The source must be attached. Throws SqliteError; nothing of the step is kept then. */
  step(sliceRows: number, reason: string, nowMs: number, thorough = false): StepOutcome {
    const { state, source } = this.#context;
    source.followSchema();
    // No handle had a country yet.
    this.#region ??= this.#readRegion();
    const phase = state.get(STATE_KEYS.importPhase);
    if (phase === null) this.#beginImport();
    switch (state.get(STATE_KEYS.importPhase)) {
      case "rows":
        return this.#importRows(sliceRows, nowMs);
      case "rest":
        return this.#importRest(sliceRows, nowMs);
      default:
        return this.#catchUp(sliceRows, reason, nowMs, thorough);
    }
  }

  #beginImport(): void {
    const { db, state } = this.#context;
    // What changes while the import runs is read from here on.
    const reading = this.#changes?.read();
    reading?.accept();
    const total = this.#count(sourceSize, {});
    db.transaction(() => {
      const deferred = total > this.#options.deferIndexesAbove;
      if (deferred) deferIndexes(db, state);
      state.set(STATE_KEYS.walPlace, reading?.place ?? null);
      state.set(STATE_KEYS.importTotal, total);
      state.set(STATE_KEYS.importDone, 0);
      state.set(STATE_KEYS.importPhase, deferred ? "rows" : "rest");
      state.set(STATE_KEYS.importUntold, "1");
      this.#context.probe("import.begin.before_commit");
    });
    this.#context.probe("import.begin.after_commit");
  }

  #importRows(sliceRows: number, nowMs: number): StepOutcome {
    this.#noting.set("off");
    this.#checkForeignKeys(false);
    const outcome = runPass(this.#context, {
      ...this.#plan(sliceRows, nowMs),
      scope: "rows",
      alsoCommit: (done) => this.#addDone(done),
    });
    if (outcome.more) return stepOf(outcome, {});
    return stepOf(outcome, { kind: "finish_first_part", more: true });
  }

  #importRest(sliceRows: number, nowMs: number): StepOutcome {
    this.#noting.set("off");
    this.#checkForeignKeys(true);
    const { state } = this.#context;
    const outcome = runPass(this.#context, {
      ...this.#plan(sliceRows, nowMs),
      tapbacksAfter: this.#tapbacksAfter,
      alsoCommit: (done) => {
        this.#addDone(done);
        this.#importedRows = state.getInteger(STATE_KEYS.importDone);
        if (done.more) return;
        state.set(STATE_KEYS.importPhase, "done");
        state.set(STATE_KEYS.importTotal, null);
        state.set(STATE_KEYS.importDone, null);
        this.#setLastSync("import", nowMs);
        // The import made no events, so a position from before it would look as if nothing had been missed.
        if (this.#inherited || this.#options.clientsLeft()) this.#context.outbox.breakFeed();
      },
    });
    if (!outcome.more) this.#inherited = false;
    this.#tapbacksAfter = outcome.tapbacksAfter;
    if (!outcome.more) this.#context.probe("import.done.not_told");
    return stepOf(outcome, { importCompleted: !outcome.more, resync: !outcome.more });
  }

  #catchUp(sliceRows: number, reason: string, nowMs: number, thorough: boolean): StepOutcome {
    const { state } = this.#context;
    const replaced = this.#contentWasReplaced();
    if (state.get(STATE_KEYS.forgetting) !== null) return this.#forgetRows(replaced);
    const rewalk = state.get(STATE_KEYS.rewalk) === "1";
    if (!rewalk) this.#toldInRewalk = 0;
    const changed = this.#changedSlice();
    const gap = this.#gap;
    let bulk = state.get(STATE_KEYS.bulk) === "1";
    this.#noting.set(bulk ? "off" : "all");
    this.conversations.watch();
    const outcome = runPass(this.#context, {
      ...this.#plan(sliceRows, nowMs),
      lookBack: this.#options.lookBack,
      changed,
      listed: gap,
      conversations: this.conversations,
      thorough: thorough || gap,
      // What follows a quick pass has seen no commit of its own, so nothing can have been deleted.
      letGo: reason !== LOOK_BACK,
      // Whatever is asked for or comes after a pause is owed a look at all that waits.
      joinsSeen: reason === "commit" || reason === LOOK_BACK ? this.#joinsSeen : null,
      tapbacksAfter: this.#tapbacksAfter,
      // Only behind a full slice there can be a backlog; counting it each time would cost a live pass 0.1 ms.
      announce: (sliceIsFull) => {
        bulk ||= !rewalk && sliceIsFull && this.#backlogIsBig();
        return !bulk;
      },
      alsoCommit: (done) => {
        if (bulk) state.set(STATE_KEYS.bulk, done.more ? "1" : null);
        if (bulk && !done.more) this.#context.outbox.breakFeed();
        if (rewalk && !bulk && done.more) {
          this.#toldInRewalk += done.events.length;
          if (this.#toldInRewalk > this.#options.bulkAbove) state.set(STATE_KEYS.bulk, "1");
        }
        if (changed !== null) this.#afterChanged(changed, done, gap);
        if (rewalk && !done.more) state.set(STATE_KEYS.rewalk, null);
        if (done.events.length > 0 || bulk) this.#setLastSync(reason, nowMs);
      },
    });
    this.#tapbacksAfter = outcome.tapbacksAfter;
    if (changed !== null) {
      this.#queue.drop(changed);
      this.#queue.addMessages(outcome.followUp);
    }
    if (outcome.thorough) this.#gap = false;
    // A quick pass that was given nothing to go on from has seen nothing.
    if (outcome.thorough || changed !== null) this.#joinsSeen = outcome.joinsSeen;
    return stepOf(outcome, {
      // Where the WAL tells what changed there is nothing to look back for.
      thorough: outcome.thorough || changed !== null,
      more: outcome.more || !this.#queue.empty,
      resync: bulk && !outcome.more,
      replaced,
    });
  }

  /** Rows that the new file has are found by GUID and named anew; what stays without is not in it. */
  #forgetRows(replaced: boolean): StepOutcome {
    const { db, state } = this.#context;
    db.transaction(() => {
      const forgotten = FORGET_ROWS.map((sql) => db.prepare(sql).run({ rows: FORGET_SLICE_ROWS }).changes);
      if (forgotten.every((rows) => rows < FORGET_SLICE_ROWS)) state.set(STATE_KEYS.forgetting, null);
      this.#context.probe("replaced.forget.before_commit");
    });
    return stepOf(NOTHING_DONE, { more: true, replaced });
  }

  /** One slice of the walk that compares everything; null when there is none to do now. Throws as {@link step}. */
  reconcileStep(nowMs: number): StepOutcome | null {
    const { state } = this.#context;
    if (!this.imported || state.get(STATE_KEYS.rewalk) === "1" || state.get(STATE_KEYS.bulk) === "1") {
      return null;
    }
    const range = this.reconcile.next();
    if (range === null) return null;
    const untold = this.reconcile.mendedSoFar > this.#options.bulkAbove;
    this.#noting.set("all");
    this.conversations.watch();
    const outcome = runPass(this.#context, {
      ...this.#plan(0, nowMs),
      takeNew: false,
      thorough: false,
      letGo: false,
      changed: wholeSlice(range),
      joinsSeen: this.#joinsSeen,
      conversations: this.conversations,
      announce: () => true,
      untold,
      alsoCommit: (done) => {
        this.reconcile.mended(range, done.mended, nowMs);
        if (untold && isLast(range)) this.#context.outbox.breakFeed();
        if (done.events.length > 0 || untold) this.#setLastSync("reconcile", nowMs);
      },
    });
    this.#joinsSeen = outcome.joinsSeen;
    this.#queue.addMessages(outcome.followUp);
    return stepOf(outcome, {
      thorough: true,
      more: this.reconcile.walking,
      resync: untold && isLast(range),
    });
  }

  /** Reads the WAL and gives what the pass has to look at; null where nothing tells what changed. */
  #changedSlice(): ChangedSlice | null {
    if (this.#changes === null) return null;
    const reading = this.#changes.read();
    this.#enqueue(reading);
    return reading.failure === null ? this.#queue.first(CHANGED_SLICE_ROWS) : null;
  }

  #enqueue(reading: ChangeReading): void {
    for (const changes of reading.changed) {
      this.#queue.add(changes);
      if (changes.emptied.length > 0 && this.#isTable(changes.emptied)) this.#queue.addEverything();
      this.#gap ||= changes.lookBack;
    }
    this.#gap ||= reading.gap || this.#queue.takeOverflow();
    this.#place = reading.place;
    reading.accept();
  }

  /** Whether one of these pages is the root of a table whose rows may be gone then. */
  #isTable(pages: readonly number[]): boolean {
    return this.#context.db.prepare(emptiedTables).get({ pages: JSON.stringify(pages) }) !== undefined;
  }

  /** In the pass's transaction: the place in the WAL is stored when all before it was looked at. */
  #afterChanged(changed: ChangedSlice, done: PassOutcome, gap: boolean): void {
    if (gap) this.reconcile.begin(true);
    if (done.followUp.length === 0 && this.#queue.isAll(changed)) {
      this.#context.state.set(STATE_KEYS.walPlace, this.#place);
    }
  }

  /** Another content in the same file (a restore through SQLite, `cp`) moves neither inode nor birth time. */
  #contentWasReplaced(): boolean {
    const { identity } = this.#context.source;
    if (identity === null || this.#relation(identity) !== "replaced") return false;
    this.#recognise(identity);
    return true;
  }

  #plan(sliceRows: number, nowMs: number): PassPlan {
    return {
      sliceRows,
      takeNew: true,
      changed: null,
      listed: false,
      lookBack: 0,
      thorough: true,
      letGo: true,
      joinsSeen: null,
      scope: "all",
      tapbacksAfter: null,
      announce: () => false,
      untold: false,
      conversations: null,
      region: this.#region,
      nowMs,
    };
  }

  #relation(identity: FileIdentity): "first" | "same" | "replaced" {
    const { state, source } = this.#context;
    const known = state.get(STATE_KEYS.sourceIdentity);
    if (known === null) return "first";
    const guid = state.get(STATE_KEYS.messageGuid);
    const there = source.guidAt(state.getInteger(STATE_KEYS.messageRowid));
    if (guid !== null && there !== null) return guid === there ? "same" : "replaced";
    // AUTOINCREMENT never goes back: a file that has not come as far is an older one, put into the same inode.
    const last = source.lastRowid();
    if (last !== null && last < state.getInteger(STATE_KEYS.messageRowid)) return "replaced";
    return sameFile(parseIdentity(known), identity) ? "same" : "replaced";
  }

  #backlogIsBig(): boolean {
    const { bulkAbove } = this.#options;
    const after = this.#context.state.getInteger(STATE_KEYS.messageRowid);
    return this.#count(backlogSql, { after, most: bulkAbove + 1 }) > bulkAbove;
  }

  #count(sql: string, params: Readonly<Record<string, number>>): number {
    const row = this.#context.db.prepare(sql).get(params);
    return row === undefined ? 0 : integer(row, "n");
  }

  #addDone(outcome: PassOutcome): void {
    const { state } = this.#context;
    const done = state.getInteger(STATE_KEYS.importDone) + outcome.newMessages + outcome.newAttachments;
    state.set(STATE_KEYS.importDone, done);
  }

  #setLastSync(reason: string, nowMs: number): void {
    this.#context.state.set(STATE_KEYS.lastSync, JSON.stringify({ at_ms: nowMs, reason }));
  }

  /** The region is fixed at the first import: with another one, known numbers would become other identifiers. */
  #readRegion(): string | null {
    const { db, state } = this.#context;
    const kept = state.get(STATE_KEYS.region);
    if (this.#options.region !== null) return this.#options.region;
    if (kept !== null) return kept;
    const region = regionOfMostHandles(
      db.prepare(countriesSql).all().map((row) => textOrNull(row, "country")),
    );
    if (region !== null) state.set(STATE_KEYS.region, region);
    return region;
  }

  /** In the first part every id comes from a join with its parent in the same statement: checking costs 15 % for nothing. */
  #checkForeignKeys(wanted: boolean): void {
    if (wanted === this.#checking) return;
    this.#context.db.exec(wanted ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
    this.#checking = wanted;
  }
}

function stepOf(outcome: PassOutcome, extra: Partial<StepOutcome>): StepOutcome {
  return {
    kind: "pass",
    events: outcome.events,
    counts: outcome.counts,
    thorough: outcome.thorough,
    more: outcome.more,
    importCompleted: false,
    resync: false,
    replaced: false,
    ...extra,
  };
}

function parseIdentity(json: string): FileIdentity {
  const value: unknown = JSON.parse(json);
  const record: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  const number = (key: string) => typeof record[key] === "number" ? record[key] : 0;
  return {
    device: number("device"),
    inode: number("inode"),
    birthMs: typeof record["birthMs"] === "number" ? record["birthMs"] : null,
  };
}
