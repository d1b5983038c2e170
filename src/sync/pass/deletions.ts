/** The part of a pass that finds what is gone from the source, and what that does to our rows. */
import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { type ChangedSlice, MOST_ROWID, type RowRange, type Width, WIDTHS } from "./changed_rows.ts";
import { SQL } from "./statements.ts";
import type { Run } from "./work_tables.ts";

export interface GoneContext {
  readonly db: Connection;
  readonly run: Run;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Newest rows of each list of deletions that are looked at where the WAL can't tell. */
const LISTED = 500;

/**
 * Puts what commits may have changed into the work tables. `upTo`: above these, row ids of a width name no row that the
 * pass would look at by them.
 */
export function putChanged(
  { run }: GoneContext,
  { rows, whole }: ChangedSlice,
  upTo: Readonly<Record<Width, number>>,
): void {
  for (const { first, last } of whole) {
    run(SQL.suspectsOfRange, { first, last });
    run(SQL.changedRowsOfRange, { first, last });
  }
  const rowids = WIDTHS.map((width) =>
    [width, rows[width].rowids.filter((id) => id <= upTo[width])] as const
  );
  const ranges = WIDTHS.map((width) => [width, rows[width].ranges.map(pairOf)] as const);
  if (rowids.some(([, ids]) => ids.length > 0)) {
    run(SQL.changedRowsPut, { rows: JSON.stringify(Object.fromEntries(rowids)) });
  }
  if (ranges.some(([, pairs]) => pairs.length > 0)) {
    run(SQL.changedRangesPut, { ranges: JSON.stringify(Object.fromEntries(ranges)) });
  }
}

function pairOf({ first, last }: RowRange): readonly [number, number] {
  return [first, last];
}

/**
 * Finds rows and chats of ours that are gone, and marks them. `listed`: also by the source's own lists of deletions. To be
 * called before anything is brought in; tapbacks are settled by the pass. Gives whether there was any.
 */
export function markDeleted(context: GoneContext, { rows }: ChangedSlice, listed: boolean): boolean {
  const { db, run } = context;
  const most = { most: MOST_ROWID };
  let found = 0;
  // Each looks at nothing but the ranges of its width.
  if (rows.wide.ranges.length > 0) found += run(SQL.goneMessages, most);
  if (listed) found += run(SQL.goneListed, { limit: LISTED });
  if (rows.middle.ranges.length > 0) {
    found += run(SQL.goneAttachments, most);
    found += run(SQL.goneChats, most);
  }
  if (found === 0) return false;
  apply(context, new Set(db.prepare(SQL.goneKinds).all().map((row) => text(row, "kind"))));
  return true;
}

function apply({ run, nowMs }: GoneContext, kinds: ReadonlySet<string>): void {
  for (const kind of ["message", "reaction", "attachment"]) {
    if (kinds.has(`waiting_${kind}`)) run(SQL.goneWaitingApply, { kind });
  }
  if (kinds.has("message")) {
    run(SQL.goneEditsApply);
    run(SQL.goneMessagesApply, { now: nowMs });
  }
  if (kinds.has("reaction") || kinds.has("removal")) {
    run(SQL.goneTapbacksTouch);
    run(SQL.goneReactionsApply, { now: nowMs });
    run(SQL.goneRemovalsApply);
  }
  if (kinds.has("event")) run(SQL.goneEventsApply);
  if (kinds.has("attachment")) run(SQL.goneAttachmentsApply, { now: nowMs });
  if (kinds.has("chat")) applyToChats({ run, nowMs });
}

function applyToChats({ run, nowMs }: Pick<GoneContext, "run" | "nowMs">): void {
  run(SQL.goneChatsTouch);
  run(SQL.goneChatsFollowUp);
  run(SQL.goneChatsApply, { now: nowMs });
  run(SQL.goneChatsForget);
  run(SQL.goneMembersForget);
}

/**
 * Puts to the chats at hand those that lost members' rows to them, and lets go what chats at hand were that are others now;
 * these come in as new ones. To be called before they are brought in. Gives whether any was let go; what was in it may be
 * left for a later pass then.
 */
export function markOtherChats(context: Pick<GoneContext, "run" | "nowMs">): boolean {
  // One that is let go puts more chats at hand.
  for (let any = false;; any = true) {
    context.run(SQL.touchChatsDisplaced);
    if (context.run(SQL.goneChatsOther) === 0) return any;
    applyToChats(context);
  }
}
