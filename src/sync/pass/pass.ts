/**
 * One pass over the source: a set of rows to look at, the statements that bring our tables in line with them, and the
 * events of what changed, all in one transaction with the watermarks. The same for import, catch-up and live.
 */
import type { SqlParams } from "../../sqlite/sqlite.ts";
import { STATE_KEYS } from "../../store/state.ts";
import { MOST_ROWID } from "./changed_rows.ts";
import { SourceReplaced } from "./source_replaced.ts";
import { markDeleted, markOtherChats, putChanged } from "./deletions.ts";
import { type Candidates, readCandidates, readWaiting, type Waiting } from "./preconditions.ts";
import { countEvents, eventsOfChanges, mendedBy, NO_CHANGES } from "./logged_changes.ts";
import type { PassContext, PassOutcome, PassPlan } from "./pass_plan.ts";
import { NOTHING_MENDED } from "./comparison.ts";
import { SQL } from "./statements.ts";
import { hasFollowUps, joinsFor, reachOfRows, selectRows, type Taken, WAITING } from "./selection.ts";
import { clearWorkTables, highest, type Run } from "./work_tables.ts";

/** Runs one pass. Throws SqliteError and {@link SourceReplaced}; nothing of the pass is kept then. */
export function runPass(context: PassContext, plan: PassPlan): PassOutcome {
  context.probe("pass.before_transaction");
  const outcome = context.db.transaction(() => {
    const result = context.state.held(() => work(context, plan));
    context.probe("pass.before_commit");
    return result;
  });
  context.probe("pass.after_commit");
  return outcome;
}

/** What the parts of a pass hand on. */
interface Before {
  readonly context: PassContext;
  readonly plan: PassPlan;
  readonly run: Run;
  readonly waiting: Waiting;
  readonly candidates: Candidates;
  /** Rows of ours were found to be gone. */
  readonly gone: boolean;
  /** Whether what changed is told; then rows are counted by their events. */
  readonly announce: boolean;
}

function work(context: PassContext, plan: PassPlan): PassOutcome {
  if (plan.isReplaced?.() === true) throw new SourceReplaced();
  const { db, state } = context;
  const run = (sql: string, params?: SqlParams) => db.prepare(sql).run(params).changes;
  clearWorkTables(run);
  const waiting = readWaiting(db);
  const taken = take(context, plan, run, waiting);
  const announce = plan.announce(plan.takeNew && taken.newMessages >= plan.sliceRows);
  const gone = plan.changed !== null &&
    markDeleted({ db, run, nowMs: plan.nowMs }, plan.changed, plan.listed);
  if (plan.scope === "all" && waiting.reactions) run(SQL.wantTapbacksOfNew);
  const before: Before = {
    context,
    plan,
    run,
    waiting,
    candidates: readCandidates(db),
    gone,
    announce,
  };
  if (before.candidates.chatless) run(SQL.recentlyDeleted);
  const { contacts, chats, moved } = addressesAndChats(before);
  const { written, inserted } = messagesAndHappenings(before, chats);
  tapbacks(before);
  const newAttachments = plan.scope === "all" ? attachments(before, taken) : 0;

  if (taken.newest !== null) {
    state.set(STATE_KEYS.messageRowid, taken.newest.rowid);
    state.set(STATE_KEYS.messageGuid, taken.newest.guid);
  }
  plan.conversations?.follow();
  const drafts = announce ? eventsOfChanges(db, plan.nowMs) : [];
  // Others make none.
  const mayFollowUp = waiting.followUps || gone || moved;
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
    leftFollowUps: plan.changed !== null && mayFollowUp && hasFollowUps(context),
    tapbacksAfter: taken.tapbacksAfter,
    counts: announce
      ? countEvents(drafts)
      : { ...NO_CHANGES, created: inserted, updated: written - inserted, contacts },
    events: plan.untold ? [] : context.outbox.append(drafts, plan.nowMs),
  };
  plan.alsoCommit?.(outcome);
  return outcome;
}

/** Puts into the work tables what the pass looks at. */
function take(context: PassContext, plan: PassPlan, run: Run, waiting: Waiting): Taken {
  const { db, state } = context;
  if (plan.changed === null) return selectRows(context, plan, run, waiting, null);
  const joins = joinsFor(context, plan);
  const reach = reachOfRows({
    messages: state.getInteger(STATE_KEYS.messageRowid),
    handles: state.getInteger(STATE_KEYS.handleRowid),
  }, joins);
  putChanged({ db, run, nowMs: plan.nowMs }, plan.changed, reach);
  return selectRows(context, plan, run, waiting, joins);
}

interface AddressesAndChats {
  /** How many contacts were made. */
  readonly contacts: number;
  /** Chats were looked at. */
  readonly chats: boolean;
  /** Handles name somebody else now, or chats are others. */
  readonly moved: boolean;
}

function addressesAndChats({ context, plan, run, gone }: Before): AddressesAndChats {
  const { db, state } = context;
  const { changed, region } = plan;
  const until = state.getInteger(STATE_KEYS.handleRowid);
  let chats = run(SQL.touchChats, {
    after: state.getInteger(STATE_KEYS.chatRowid),
    // Where the WAL tells of chats that changed, a message in one is no reason to look at it.
    known: plan.scope === "all" && (changed === null || plan.thorough) ? 1 : 0,
  });
  if (changed !== null) chats += run(SQL.touchChatsChanged, { most: MOST_ROWID });
  let addresses = run(SQL.addressHandles, { after: until, region });
  const handlesChanged = changed === null ? 0 : run(SQL.addressHandlesChanged, { until, region });
  addresses += handlesChanged;
  // What is gone may have touched chats before.
  let moved = (chats > 0 || gone) && markOtherChats({ run, nowMs: plan.nowMs });
  if (chats > 0 || gone) addresses += run(SQL.addressChats, { region });
  let contacts = 0;
  if (addresses > 0) {
    const lastContact = highest(db, "SELECT max(id) AS top FROM main.contacts") ?? 0;
    contacts = run(SQL.contactsOfAddresses, { now: plan.nowMs });
    run(SQL.identifiersOfAddresses, { last_contact: lastContact });
    const repointed = handlesChanged > 0 && run(SQL.handlesRepointed, { until }) > 0;
    if (repointed) {
      chats += run(SQL.touchChatsRepointed);
      markOtherChats({ run, nowMs: plan.nowMs });
      run(SQL.handlesFollowUp);
      moved = true;
    }
    run(SQL.sourceHandles);
    const handle = highest(db, "SELECT max(handle_rowid) AS top FROM temp.address");
    if (handle !== null && handle > until) state.set(STATE_KEYS.handleRowid, handle);
  }
  if (chats === 0 && !gone) return { contacts, chats: false, moved };
  return { contacts, chats: bringInChats(context, region, run), moved };
}

/** Gives whether there were any among the work tables. */
function bringInChats({ db, state }: PassContext, region: string | null, run: Run): boolean {
  const last = highest(db, "SELECT max(source_rowid) AS top FROM temp.candidate_chat");
  if (last === null) return false;
  run(SQL.chats, { region });
  run(SQL.sourceChats);
  run(SQL.membersAdd);
  run(SQL.membersRemove);
  run(SQL.participantsAdd);
  run(SQL.participantsRemove);
  run(SQL.sourceMembersAdd);
  run(SQL.sourceMembersRemove);
  if (last > state.getInteger(STATE_KEYS.chatRowid)) state.set(STATE_KEYS.chatRowid, last);
  return true;
}

/** Gives how many messages were written, and how many of them are new to us: that where nothing is told. */
function messagesAndHappenings(
  { context, plan, run, waiting, candidates, announce }: Before,
  chats: boolean,
): { readonly written: number; readonly inserted: number } {
  const { db } = context;
  const indexed = plan.scope === "all";
  const lastMessage = () => highest(db, "SELECT max(id) AS top FROM main.messages") ?? 0;
  const last = announce && indexed ? 0 : lastMessage();
  const written = candidates.messages ? run(SQL.messages) : 0;
  const inserted = announce && indexed ? 0 : lastMessage() - last;
  context.probe("pass.in_transaction");
  if (candidates.events) run(SQL.chatEvents);
  if (candidates.messages && run(SQL.wantEdited, { indexed: indexed ? 1 : 0, last }) > 0) {
    run(SQL.editVersions);
    run(SQL.messageEditsRemove);
    run(SQL.messageEdits);
  }
  // One has to wait only in no chat, or in one that was looked at in vain.
  if (candidates.chatless || chats) {
    run(SQL.pendingMessages, { now: plan.nowMs, indexed: indexed ? 1 : 0 });
  }
  if (indexed && waiting.messages) run(SQL.pendingMessagesDone);
  if (!indexed) {
    // The counting trigger is put aside in the first part of the import.
    run(SQL.countSliceChats, { after: last });
    run(SQL.countSliceIdentifiers, { after: last });
  }
  return { written, inserted };
}

function tapbacks({ plan, run, waiting, candidates, gone }: Before): void {
  const indexed = plan.scope === "all";
  if (candidates.tapbacks) {
    const taken = run(SQL.tapbacks, { indexed: indexed ? 1 : 0 });
    if (indexed && taken > 0) run(SQL.touchTapbacksMoved);
    run(SQL.reactions);
    run(SQL.reactionRemovals);
    run(SQL.pendingTapbacks, { now: plan.nowMs });
    if (indexed && waiting.reactions) run(SQL.pendingTapbacksDone);
    if (indexed) run(SQL.touchTapbacks);
  }
  // What the first part of the import brings is settled at its end, all at once. A tapback whose end is gone stands again.
  if (indexed && (candidates.tapbacks || gone) && run(SQL.settleTapbacks) > 0) run(SQL.settledTapbacks);
}

/** Gives how many new ones were taken. */
function attachments({ context, plan, run }: Before, taken: Taken): number {
  const { db, state } = context;
  const watermark = state.getInteger(STATE_KEYS.attachmentRowid);
  const newAttachments = plan.takeNew
    ? run(SQL.wantAttachmentsNew, { after: watermark, limit: plan.sliceRows })
    : 0;
  if (newAttachments > 0) {
    const newest = highest(db, "SELECT max(rowid) AS top FROM temp.candidate_attachment");
    if (newest !== null) state.set(STATE_KEYS.attachmentRowid, newest);
  }
  const { thorough, since } = taken;
  const limit = WAITING.attachments[thorough && since === null ? "all" : "told"];
  let known = run(SQL.wantAttachmentsKnown, { until: watermark, limit, since: since?.attachments ?? null });
  if (plan.changed !== null) known += run(SQL.wantAttachmentsChanged, { until: watermark });
  if (newAttachments + known === 0) return 0;
  run(SQL.attachments, { home: context.home });
  run(SQL.pendingAttachments, { now: plan.nowMs });
  run(SQL.pendingAttachmentsDone);
  return newAttachments;
}
