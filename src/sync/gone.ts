/** The part of a pass that finds what is gone from the source, and what that does to our rows. */
import type { SqlParams } from "../platform/sqlite.ts";
import { type ChangedSlice, MOST_ROWID, WIDTHS } from "./changes.ts";
import { SQL } from "./statements.ts";

export interface GoneContext {
  readonly run: (sql: string, params?: SqlParams) => number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Newest rows of each list of deletions that are looked at where the WAL can't tell. */
const LISTED = 500;

/** Puts what commits may have changed into the work tables. */
export function putChanged({ run }: GoneContext, { rows, whole }: ChangedSlice): void {
  for (const { first, last } of whole) {
    run(SQL.suspectsOfRange, { first, last });
    run(SQL.changedRowsOfRange, { first, last });
  }
  for (const width of WIDTHS) {
    const { rowids, ranges } = rows[width];
    if (rowids.length > 0) run(SQL.changedRowsPut, { width, rowids: JSON.stringify(rowids) });
    if (ranges.length > 0) {
      const pairs = ranges.map(({ first, last }) => [first, last]);
      run(SQL.changedRangesPut, { width, ranges: JSON.stringify(pairs) });
    }
  }
}

/**
 * Finds rows and chats of ours that are gone, and marks them. `listed`: also by the source's own lists of deletions. To be
 * called before anything is brought in; tapbacks are settled by the pass.
 */
export function markGone({ run, nowMs }: GoneContext, listed: boolean): void {
  const most = { most: MOST_ROWID };
  let messages = run(SQL.goneMessages, most);
  if (listed) messages += run(SQL.goneListed, { limit: LISTED });
  const tapbacks = run(SQL.goneReactions, most) + run(SQL.goneRemovals, most);
  const events = run(SQL.goneEvents, most);
  const attachments = run(SQL.goneAttachments, most);
  run(SQL.gonePending, most);
  if (messages > 0) {
    run(SQL.goneEditsApply);
    run(SQL.goneMessagesApply, { now: nowMs });
  }
  if (tapbacks > 0) {
    run(SQL.goneTapbacksTouch);
    run(SQL.goneReactionsApply, { now: nowMs });
    run(SQL.goneRemovalsApply);
  }
  if (events > 0) run(SQL.goneEventsApply);
  if (attachments > 0) run(SQL.goneAttachmentsApply, { now: nowMs });
  if (run(SQL.goneChats, most) > 0) {
    run(SQL.goneChatsTouch);
    run(SQL.goneChatsFollowUp);
    run(SQL.goneChatsApply, { now: nowMs });
    run(SQL.goneChatsForget);
    run(SQL.goneMembersForget);
  }
}
