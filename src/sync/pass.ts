/**
 * One pass over the source: a set of rows to look at, the statements that bring our tables in line with them, and the
 * events of what changed, all in one transaction with the watermarks. The same for import, catch-up and live.
 */
import { integer } from "../platform/row.ts";
import type { SqlParams } from "../platform/sqlite.ts";
import { STATE_KEYS } from "../store/state.ts";
import { MOST_ROWID } from "./changes.ts";
import { ContentReplaced } from "./content_replaced.ts";
import { markGone, putChanged } from "./gone.ts";
import { countEvents, eventsOfNotes, mendedBy, NO_NOTES } from "./notes.ts";
import type { PassContext, PassOutcome, PassPlan } from "./pass_plan.ts";
import { NOTHING_MENDED } from "./reconcile.ts";
import { SQL } from "./statements.ts";
import { hasFollowUps, type Taken, WAITING, wantRows } from "./wanted.ts";
import { clearWorkTables, highest, type Run } from "./work_tables.ts";

/** Runs one pass. Throws SqliteError and {@link ContentReplaced}; nothing of the pass is kept then. */
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
  if (plan.isReplaced?.() === true) throw new ContentReplaced();
  const { db, state } = context;
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  clearWorkTables(run);
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
    leftFollowUps: plan.changed !== null && hasFollowUps(context),
    tapbacksAfter: taken.tapbacksAfter,
    counts: announce
      ? countEvents(drafts)
      : { ...NO_NOTES, created: inserted, updated: written - inserted, contacts },
    events: plan.untold ? [] : context.outbox.append(drafts, plan.nowMs),
  };
  plan.alsoCommit?.(outcome);
  return outcome;
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
