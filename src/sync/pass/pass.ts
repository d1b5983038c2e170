/**
 * One pass over the source: which rows to examine, the statements that bring our tables in line with them, and the events
 * of what changed, all in one transaction with the watermarks. The same for import, catch-up, live and comparison.
 */
import { STATE_KEYS } from "../../store/state.ts";
import { bringInAddressesAndChats } from "./addresses_and_chats.ts";
import { type Announcement, decideAnnouncement } from "./announcement.ts";
import { bringInAttachments } from "./attachment_rows.ts";
import { isBacklogAbove } from "./bookkeeping.ts";
import { NOTHING_MENDED } from "./comparison.ts";
import { deleteMissing } from "./deletions.ts";
import { countEvents, eventsOfChanges, mendedBy, NO_CHANGES } from "./logged_changes.ts";
import { bringInMessages, type WrittenMessages } from "./message_rows.ts";
import { type Pass, type PassContext, type PassOutcome, type PassScope, scopeOf } from "./pass_plan.ts";
import { type ProgressParts, storeProgress } from "./progress.ts";
import { completeSelection, hasFollowUps, type Selection, selectRows } from "./selection.ts";
import type { SourceIdentity } from "./source_identity.ts";
import { bringInTapbacks } from "./tapback_rows.ts";
import { runOn } from "./work_tables.ts";

export interface PassParts extends ProgressParts {
  readonly context: PassContext;
  readonly identity: Pick<SourceIdentity, "isReplaced">;
  /** Kept true in the pass's transaction, before its events are made; the import leaves them to a walk. */
  readonly conversations: { readonly follow: () => void };
}

/**
 * Runs one pass. Null: nothing was done, as the source's content is not the one that the watermarks belong to. Throws
 * SqliteError; nothing of the pass is kept then.
 */
export function runPass(parts: PassParts, pass: Pass): PassOutcome | null {
  const { db, probe, state } = parts.context;
  probe("pass.before_transaction");
  const outcome = db.transaction(() => {
    const done = state.held(() => work(parts, pass));
    if (done !== null) probe("pass.before_commit");
    return done;
  });
  if (outcome !== null) probe("pass.after_commit");
  return outcome;
}

function work(parts: PassParts, pass: Pass): PassOutcome | null {
  const { context, identity, conversations } = parts;
  const { db, outbox } = context;
  // First of all, so of the very content that the pass would read: one restored a moment ago would look as if rows had
  // been deleted.
  if (identity.isReplaced()) return null;
  const scope = scopeOf(pass);
  const selection = selectRows(context, scope);
  const announcement = decide(context, pass, selection);
  context.log.debug("Pass", { kind: pass.kind, announces: announcement.tells, reason: announcement.reason });
  const applied = apply(context, pass, { scope, selection, announcement });
  storeWatermark(context, selection);
  if (pass.kind === "live" || pass.kind === "compare") conversations.follow();
  const drafts = announcement.tells ? eventsOfChanges(db, pass.nowMs) : [];
  const isUntold = pass.kind === "compare" && pass.untold;
  const events = isUntold ? [] : outbox.append(drafts, pass.nowMs);
  const { inserted, written, contacts, newAttachments } = applied;
  const outcome: PassOutcome = {
    newMessages: selection.newMessages,
    newAttachments,
    thorough: selection.thorough,
    joinsSeen: selection.joinsSeen,
    more: isFull(scope, selection.newMessages) || isFull(scope, newAttachments) ||
      selection.tapbacksAfter !== null,
    tapbacksAfter: selection.tapbacksAfter,
    counts: announcement.tells
      ? countEvents(drafts)
      : { ...NO_CHANGES, created: inserted, updated: written - inserted, contacts },
    mended: announcement.tells
      ? mendedBy(drafts)
      : { ...NOTHING_MENDED, missing: inserted, different: written - inserted },
    leftFollowUps: applied.mayFollowUp && hasFollowUps(context),
    events,
    bulk: pass.kind === "live" && !announcement.tells,
  };
  storeProgress(parts, pass, outcome);
  return outcome;
}

function isFull({ takesNew, sliceRows }: PassScope, taken: number): boolean {
  return takesNew && taken >= sliceRows;
}

function decide({ db, state }: PassContext, pass: Pass, { newMessages }: Selection): Announcement {
  const after = state.getInteger(STATE_KEYS.messageRowid);
  return decideAnnouncement(pass, {
    isBulk: state.get(STATE_KEYS.bulk) === "1",
    isSliceFull: pass.kind === "live" && newMessages >= pass.sliceRows,
    isBacklogBig: () => pass.kind === "live" && isBacklogAbove(db, after, pass.bulkAbove),
  });
}

interface Applied extends WrittenMessages {
  /** How many contacts were made. */
  readonly contacts: number;
  readonly newAttachments: number;
  /** Others leave nothing for a later pass. */
  readonly mayFollowUp: boolean;
}

interface Decided {
  readonly scope: PassScope;
  readonly selection: Selection;
  readonly announcement: Announcement;
}

/** Brings our tables in line with what was selected; what is missing in the source first. */
function apply(context: PassContext, pass: Pass, { scope, selection, announcement }: Decided): Applied {
  const { db } = context;
  const { nowMs, region } = pass;
  const { indexed } = scope;
  const { waiting } = selection;
  const deleted = scope.changed !== null &&
    deleteMissing(db, scope.changed, { listed: scope.listed, nowMs });
  const candidates = completeSelection(db, scope, waiting);
  const { contacts, chats, moved } = bringInAddressesAndChats(context, scope, { deleted, region, nowMs });
  const { written, inserted } = bringInMessages(context, {
    messages: candidates.messages,
    happenings: candidates.happenings,
    // One has to wait only in no chat, or in one that was examined in vain.
    mayWait: candidates.chatless || chats,
    indexed,
    waited: waiting.messages,
    tells: announcement.tells,
    nowMs,
  });
  bringInTapbacks(runOn(db), {
    some: candidates.tapbacks,
    indexed,
    waited: waiting.reactions,
    deleted,
    nowMs,
  });
  const newAttachments = indexed ? bringInAttachments(context, scope, selection, nowMs) : 0;
  const mayFollowUp = scope.changed !== null && (waiting.followUps || deleted || moved);
  return { contacts, written, inserted, newAttachments, mayFollowUp };
}

function storeWatermark({ state }: PassContext, { newest }: Selection): void {
  if (newest === null) return;
  state.set(STATE_KEYS.messageRowid, newest.rowid);
  state.set(STATE_KEYS.messageGuid, newest.guid);
}
