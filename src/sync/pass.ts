/**
 * One pass over the source: a set of rows to look at, the statements that bring our tables in line with them, and the
 * events of what changed, all in one transaction with the watermarks. The same for import, catch-up and live.
 */
import type { WireEvent } from "../model/feed.ts";
import { integer, integerOrNull, text } from "../platform/row.ts";
import type { Connection, SqlParams } from "../platform/sqlite.ts";
import type { MessagesDb } from "../source/messages_db.ts";
import type { Outbox } from "../store/outbox.ts";
import { STATE_KEYS, type StateStore } from "../store/state.ts";
import type { Conversations } from "./conversations.ts";
import { type ChangedSlice, MOST_ROWID } from "./changes.ts";
import { markGone, putChanged } from "./gone.ts";
import { countEvents, eventsOfNotes, mendedBy, NO_NOTES, type NoteCounts } from "./notes.ts";
import { type Mended, NOTHING_MENDED } from "./reconcile.ts";
import { SQL } from "./statements.ts";

export interface PassContext {
  readonly db: Connection;
  readonly source: MessagesDb;
  readonly outbox: Outbox;
  readonly state: StateStore;
  /** What `~` in an attachment's path stands for. */
  readonly home: string;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

export interface PassPlan {
  /** Whether rows above the watermarks are taken. */
  readonly takeNew: boolean;
  /** At most so many new messages, waiting tapbacks and new attachments. */
  readonly sliceRows: number;
  /** So many of the newest known messages are looked at again in a thorough pass. */
  readonly lookBack: number;
  /**
   * Whether all rows that wait and the newest known messages are looked at again. Where nothing tells what changed, a
   * pass that finds no new message is thorough anyway: what was committed must have been something else.
   */
  readonly thorough: boolean;
  /**
   * Known rows that commits may have changed, as the source's WAL tells. Null: it does not tell, so what waits and what is
   * recent has to be looked at instead.
   */
  readonly changed: ChangedSlice | null;
  /** Whether the source's lists of what was deleted are looked at, too. */
  readonly listed: boolean;
  /** The joins that were looked at before; a thorough pass looks at those written since. Null: at all that waits. */
  readonly joinsSeen: JoinsSeen | null;
  /** Whether a thorough pass also lets waiting rows go that were deleted in the source. */
  readonly letGo: boolean;
  /**
   * `rows`: the first part of the import; messages have no indexes yet, so attachments wait.
   * `all`: everything.
   */
  readonly scope: "rows" | "all";
  /** Waiting tapbacks with a ROWID above it are looked at; null: only those of new messages. */
  readonly tapbacksAfter: number | null;
  /** Whether what changed is told (the note triggers must stand then); asked before anything is written. */
  readonly announce: (sliceIsFull: boolean) => boolean;
  /** What changed is counted as if it were told, and clients hear of it in one `resync` later. */
  readonly untold: boolean;
  readonly region: string | null;
  /** Kept true in the same transaction, before its events are made; null in the import, after which they are walked. */
  readonly conversations: Pick<Conversations, "follow"> | null;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Runs last in the transaction, with what this pass did. */
  readonly alsoCommit?: (outcome: PassOutcome) => void;
}

/** Highest ROWIDs of the source's joins of a message with a chat, and with an attachment. */
export interface JoinsSeen {
  readonly chats: number;
  readonly recoverable: number;
  readonly attachments: number;
  /** Whom the joins with these ROWIDs name. */
  readonly names: string;
}

export interface PassOutcome {
  /** New source messages that were taken (noted as pending counts, too). */
  readonly newMessages: number;
  readonly newAttachments: number;
  readonly thorough: boolean;
  /** For the next pass's plan. */
  readonly joinsSeen: JoinsSeen | null;
  /** A slice was full: there may be more at once. */
  readonly more: boolean;
  /** Where the sweep over waiting tapbacks goes on; null when it is through. */
  readonly tapbacksAfter: number | null;
  readonly counts: NoteCounts;
  readonly mended: Mended;
  /** ROWIDs of messages that have to be looked at in a later pass. */
  readonly followUp: readonly number[];
  readonly events: readonly WireEvent[];
}

/** Runs one pass. Throws SqliteError; nothing of the pass is kept then. */
export function runPass(context: PassContext, plan: PassPlan): PassOutcome {
  context.probe("pass.before_transaction");
  const outcome = context.db.transaction(() => {
    const result = work(context, plan);
    context.probe("pass.before_commit");
    return result;
  });
  context.probe("pass.after_commit");
  return outcome;
}

function work(context: PassContext, plan: PassPlan): PassOutcome {
  const { db, state } = context;
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  for (const table of WORK_TABLES) run(`DELETE FROM temp.${table}`);
  if (plan.changed !== null) putChanged({ run, nowMs: plan.nowMs }, plan.changed);

  const taken = wantRows(context, plan, run);
  const announce = plan.announce(plan.takeNew && taken.newMessages >= plan.sliceRows);
  if (plan.changed !== null) markGone({ run, nowMs: plan.nowMs }, plan.listed);
  if (plan.scope === "all") run(SQL.wantTapbacksOfNew);
  run(SQL.recentlyDeleted);
  const contacts = addressesAndChats(context, plan, run);
  const { written, inserted } = messagesAndHappenings(context, plan, run);
  tapbacks(plan, run);
  const newAttachments = plan.scope === "all" ? attachments(context, plan, taken, run) : 0;

  if (taken.newest !== null) {
    state.set(STATE_KEYS.messageRowid, taken.newest);
    state.set(STATE_KEYS.messageGuid, context.source.guidAt(taken.newest));
  }
  plan.conversations?.follow();
  const drafts = announce ? eventsOfNotes(db, plan.nowMs) : [];
  const outcome: PassOutcome = {
    newMessages: taken.newMessages,
    newAttachments,
    thorough: taken.thorough,
    joinsSeen: taken.joinsSeen,
    more: (plan.takeNew && (taken.newMessages >= plan.sliceRows || newAttachments >= plan.sliceRows)) ||
      taken.tapbacksAfter !== null,
    mended: announce
      ? mendedBy(drafts)
      : { ...NOTHING_MENDED, missing: inserted, different: written - inserted },
    followUp: plan.changed === null
      ? []
      : db.prepare("SELECT rowid FROM temp.follow_up").all().map((row) => integer(row, "rowid")),
    tapbacksAfter: taken.tapbacksAfter,
    counts: announce
      ? countEvents(drafts)
      : { ...NO_NOTES, created: inserted, updated: written - inserted, contacts },
    events: plan.untold ? [] : context.outbox.append(drafts, plan.nowMs),
  };
  plan.alsoCommit?.(outcome);
  return outcome;
}

const WORK_TABLES = [
  "candidate",
  "tapback",
  "candidate_chat",
  "candidate_attachment",
  "address",
  "touched_tapback",
  "settled",
  "note",
  "changed_row",
  "changed_range",
  "gone",
  "repointed_handle",
  "follow_up",
  "edited",
  "edit_version",
] as const;

/**
 * So many of the rows that wait are looked at, the newest. With five million messages ten thousand may wait: looking at
 * all took 30 to 150 ms, so a thorough pass does that only where nothing tells what is new. In a quick pass the newest
 * few: a join mostly comes right after its row, and each look is a few pages of Messages' file that nothing has in its
 * cache. -1 is SQLite's "no limit".
 */
const WAITING = {
  messages: { all: -1, thorough: 64, quick: 4 },
  // One comes in with its message or with its join: those are told.
  attachments: { all: -1, told: 0 },
} as const;

type Run = (sql: string, params?: SqlParams) => number;

interface Taken {
  readonly newMessages: number;
  /** Highest new ROWID, null if there is none. */
  readonly newest: number | null;
  readonly thorough: boolean;
  readonly joinsSeen: JoinsSeen | null;
  /** In a thorough pass: what need not be looked at again. Null: all that waits has to be looked at. */
  readonly since: JoinsSeen | null;
  readonly tapbacksAfter: number | null;
}

function wantRows(context: PassContext, plan: PassPlan, run: Run): Taken {
  const watermark = context.state.getInteger(STATE_KEYS.messageRowid);
  const newMessages = plan.takeNew ? run(SQL.wantNew, { after: watermark, limit: plan.sliceRows }) : 0;
  const newest = highest(context.db, "SELECT max(rowid) AS top FROM temp.candidate");
  if (plan.scope === "rows") {
    return { newMessages, newest, thorough: false, joinsSeen: null, since: null, tapbacksAfter: null };
  }
  const told = plan.changed !== null;
  const thorough = plan.thorough || (!told && newMessages === 0);
  if (told) run(SQL.wantChanged, { until: watermark });
  const joins = thorough || told
    ? wantWaiting(context, plan, run)
    : { joinsSeen: plan.joinsSeen, since: null };
  if (!thorough && !told) run(SQL.wantJoined, { limit: WAITING.messages.quick });
  if (thorough && plan.lookBack > 0) run(SQL.wantRecent, { until: watermark, limit: plan.lookBack });
  return { newMessages, newest, thorough, ...joins, tapbacksAfter: sweepTapbacks(context, plan, run) };
}

/** In a thorough pass: takes the waiting messages that have a chat now, and gives which joins it saw. */
function wantWaiting(
  context: PassContext,
  plan: PassPlan,
  run: Run,
): { readonly joinsSeen: JoinsSeen; readonly since: JoinsSeen | null } {
  const { joinsSeen: before } = plan;
  const { chats, recoverable, attachments } = before ?? { chats: 0, recoverable: 0, attachments: 0 };
  const row = context.db.prepare(SQL.joinsSeen).get({ chats, recoverable, attachments }) ?? {};
  const joinsSeen = {
    chats: integer(row, "chats"),
    recoverable: integer(row, "recoverable"),
    attachments: integer(row, "attachments"),
    names: text(row, "names"),
  };
  // Joins that were deleted give their ROWIDs back, to new ones that "since" would miss.
  const since = before?.names === text(row, "names_before") ? before : null;
  const until = context.state.getInteger(STATE_KEYS.messageRowid);
  if (plan.thorough || plan.changed === null || since === null) {
    const limit = since === null ? WAITING.messages.all : WAITING.messages.thorough;
    if (plan.letGo) run(SQL.pendingGone, { limit });
    run(SQL.wantJoined, { limit });
  }
  if (since !== null) run(SQL.wantJoinedSince, { chats, recoverable, until });
  else if (plan.changed !== null) run(SQL.wantJoinsChanged, { until });
  return { joinsSeen, since };
}

/** Takes a slice of the tapbacks that wait although their message is here; gives where the next slice begins. */
function sweepTapbacks(context: PassContext, plan: PassPlan, run: Run): number | null {
  if (plan.tapbacksAfter === null) return null;
  const slice = { after: plan.tapbacksAfter, limit: plan.sliceRows };
  const last = context.db.prepare(SQL.lastTapbackWaiting).get(slice);
  run(SQL.wantTapbacksWaiting, slice);
  return last === undefined ? null : integerOrNull(last, "top");
}

function highest(db: Connection, sql: string): number | null {
  const row = db.prepare(sql).get();
  return row === undefined ? null : integerOrNull(row, "top");
}

/** Gives how many contacts were made. */
function addressesAndChats(context: PassContext, plan: PassPlan, run: Run): number {
  const { db, state } = context;
  const { changed, region } = plan;
  const until = state.getInteger(STATE_KEYS.handleRowid);
  run(SQL.touchChats, {
    after: state.getInteger(STATE_KEYS.chatRowid),
    // Where the WAL tells of chats that changed, a message in one is no reason to look at it.
    known: plan.scope === "all" && (changed === null || plan.thorough) ? 1 : 0,
  });
  if (changed !== null) run(SQL.touchChatsChanged, { most: MOST_ROWID });
  run(SQL.addressHandles, { after: until, region });
  const handlesChanged = changed !== null && run(SQL.addressHandlesChanged, { until, region }) > 0;
  run(SQL.addressChats, { region });
  const lastContact = highest(db, "SELECT max(id) AS top FROM main.contacts") ?? 0;
  let contacts = 0;
  if (integer(db.prepare("SELECT count(*) AS n FROM temp.address").get() ?? { n: 0 }, "n") > 0) {
    contacts = run(SQL.contactsOfAddresses, { now: plan.nowMs });
    run(SQL.identifiersOfAddresses, { last_contact: lastContact });
    if (handlesChanged && run(SQL.handlesRepointed, { until }) > 0) {
      run(SQL.touchChatsRepointed);
      run(SQL.handlesFollowUp);
    }
    run(SQL.sourceHandles);
    const handle = highest(db, "SELECT max(handle_rowid) AS top FROM temp.address");
    if (handle !== null && handle > until) state.set(STATE_KEYS.handleRowid, handle);
  }
  const chat = highest(db, "SELECT max(source_rowid) AS top FROM temp.candidate_chat");
  if (chat === null) return contacts;
  run(SQL.chats, { region });
  run(SQL.sourceChats);
  run(SQL.membersAdd);
  run(SQL.membersRemove);
  run(SQL.participantsAdd);
  run(SQL.participantsRemove);
  run(SQL.sourceMembersAdd);
  run(SQL.sourceMembersRemove);
  if (chat > state.getInteger(STATE_KEYS.chatRowid)) state.set(STATE_KEYS.chatRowid, chat);
  return contacts;
}

/** Gives how many messages were written, and how many of them are new to us. */
function messagesAndHappenings(
  context: PassContext,
  plan: PassPlan,
  run: Run,
): { readonly written: number; readonly inserted: number } {
  const { db } = context;
  const last = highest(db, "SELECT max(id) AS top FROM main.messages") ?? 0;
  const written = run(SQL.messages);
  const inserted = (highest(db, "SELECT max(id) AS top FROM main.messages") ?? 0) - last;
  context.probe("pass.in_transaction");
  run(SQL.chatEvents);
  const indexed = plan.scope === "all";
  if (run(SQL.wantEdited, { indexed: indexed ? 1 : 0, last }) > 0) {
    run(SQL.editVersions);
    run(SQL.messageEditsRemove);
    run(SQL.messageEdits);
  }
  run(SQL.pendingMessages, { now: plan.nowMs, indexed: indexed ? 1 : 0 });
  if (indexed) run(SQL.pendingMessagesDone);
  else {
    // The counting trigger is put aside in the first part of the import.
    run(SQL.countSliceChats, { after: last });
    run(SQL.countSliceIdentifiers, { after: last });
  }
  return { written, inserted };
}

function tapbacks(plan: PassPlan, run: Run): void {
  const indexed = plan.scope === "all";
  const taken = run(SQL.tapbacks, { indexed: indexed ? 1 : 0 });
  if (indexed && taken > 0) run(SQL.touchTapbacksMoved);
  run(SQL.reactions);
  run(SQL.reactionRemovals);
  run(SQL.pendingTapbacks, { now: plan.nowMs });
  // What the first part of the import brings is settled at its end, all at once.
  if (!indexed) return;
  run(SQL.pendingTapbacksDone);
  run(SQL.touchTapbacks);
  if (run(SQL.settleTapbacks) > 0) run(SQL.settledTapbacks);
}

/** Gives how many new ones were taken. */
function attachments(context: PassContext, plan: PassPlan, taken: Taken, run: Run): number {
  const { db, state } = context;
  const watermark = state.getInteger(STATE_KEYS.attachmentRowid);
  const newAttachments = plan.takeNew
    ? run(SQL.wantAttachmentsNew, { after: watermark, limit: plan.sliceRows })
    : 0;
  const newest = highest(db, "SELECT max(rowid) AS top FROM temp.candidate_attachment");
  const { thorough, since } = taken;
  const limit = WAITING.attachments[thorough && since === null ? "all" : "told"];
  run(SQL.wantAttachmentsKnown, { until: watermark, limit, since: since?.attachments ?? null });
  if (plan.changed !== null) run(SQL.wantAttachmentsChanged, { until: watermark });
  run(SQL.attachments, { home: context.home });
  run(SQL.pendingAttachments, { now: plan.nowMs });
  run(SQL.pendingAttachmentsDone);
  if (newest !== null) state.set(STATE_KEYS.attachmentRowid, newest);
  return newAttachments;
}
