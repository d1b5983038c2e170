/** The part of a pass that finds what the source has no longer, and what that does to our rows. */
import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { type ChangedSlice, MOST_ROWID, type Width, WIDTHS } from "./changed_rows.ts";
import type { RowRange } from "../../model/changed_rows.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import deletionsSql from "./sql/deletions.sql" with { type: "text" };
import { type Run, runOn } from "./work_tables.ts";

const SQL = statementsOf(deletionsSql, [
  "putChangedRows",
  "putChangedRanges",
  "putRowsOfRange",
  "findSuspectsOfRange",
  "findDeletedMessages",
  "findListed",
  "findDeletedAttachments",
  "findDeletedChats",
  "findOtherChats",
  "kindsDeleted",
  "dropWaiting",
  "deleteEdits",
  "deleteMessages",
  "touchTapbacks",
  "endReactions",
  "deleteRemovals",
  "deleteEvents",
  "deleteAttachments",
  "touchChats",
  "putFollowUps",
  "deleteChats",
  "forgetChats",
  "forgetMembers",
  "touchDisplacedChats",
]);

/** Newest rows of each list of deletions that are looked at where the WAL can't tell. */
const LISTED = 500;

/**
 * Puts what commits may have changed into the work tables. `upTo`: above these, row ids of a width name no row that the
 * pass would look at by them.
 */
export function putChanged(
  run: Run,
  { rows, whole }: ChangedSlice,
  upTo: Readonly<Record<Width, number>>,
): void {
  for (const { first, last } of whole) {
    run(SQL.findSuspectsOfRange, { first, last });
    run(SQL.putRowsOfRange, { first, last });
  }
  const rowids = WIDTHS.map((width) =>
    [width, rows[width].rowids.filter((id) => id <= upTo[width])] as const
  );
  const ranges = WIDTHS.map((width) => [width, rows[width].ranges.map(pairOf)] as const);
  if (rowids.some(([, ids]) => ids.length > 0)) {
    run(SQL.putChangedRows, { rows: JSON.stringify(Object.fromEntries(rowids)) });
  }
  if (ranges.some(([, pairs]) => pairs.length > 0)) {
    run(SQL.putChangedRanges, { ranges: JSON.stringify(Object.fromEntries(ranges)) });
  }
}

function pairOf({ first, last }: RowRange): readonly [number, number] {
  return [first, last];
}

/**
 * Finds rows and chats of ours that the source has no longer, and marks them as deleted. `listed`: also by the source's own
 * lists of deletions. To be called before anything is brought in; tapbacks are settled by the pass. Gives whether there was
 * any. Throws SqliteError.
 */
export function deleteMissing(
  db: Connection,
  { rows }: ChangedSlice,
  { listed, nowMs }: { readonly listed: boolean; readonly nowMs: number },
): boolean {
  const run = runOn(db);
  const most = { most: MOST_ROWID };
  let found = 0;
  // Each looks at nothing but the ranges of its width.
  if (rows.wide.ranges.length > 0) found += run(SQL.findDeletedMessages, most);
  if (listed) found += run(SQL.findListed, { limit: LISTED });
  if (rows.middle.ranges.length > 0) {
    found += run(SQL.findDeletedAttachments, most);
    found += run(SQL.findDeletedChats, most);
  }
  if (found === 0) return false;
  apply(run, nowMs, new Set(db.prepare(SQL.kindsDeleted).all().map((row) => text(row, "kind"))));
  return true;
}

function apply(run: Run, nowMs: number, kinds: ReadonlySet<string>): void {
  for (const kind of ["message", "reaction", "attachment"]) {
    if (kinds.has(`waiting_${kind}`)) run(SQL.dropWaiting, { kind });
  }
  if (kinds.has("message")) {
    run(SQL.deleteEdits);
    run(SQL.deleteMessages, { now: nowMs });
  }
  if (kinds.has("reaction") || kinds.has("removal")) {
    run(SQL.touchTapbacks);
    run(SQL.endReactions, { now: nowMs });
    run(SQL.deleteRemovals);
  }
  if (kinds.has("event")) run(SQL.deleteEvents);
  if (kinds.has("attachment")) run(SQL.deleteAttachments, { now: nowMs });
  if (kinds.has("chat")) applyToChats(run, nowMs);
}

function applyToChats(run: Run, nowMs: number): void {
  run(SQL.touchChats);
  run(SQL.putFollowUps);
  run(SQL.deleteChats, { now: nowMs });
  run(SQL.forgetChats);
  run(SQL.forgetMembers);
}

/**
 * Puts to the chats at hand those that lost members' rows to them, and lets go what chats at hand were that are others now;
 * these come in as new ones. To be called before they are brought in. Gives whether any was let go; what was in it may be
 * left for a later pass then.
 */
export function deleteOtherChats(run: Run, nowMs: number): boolean {
  // One that is let go puts more chats at hand.
  for (let any = false;; any = true) {
    run(SQL.touchDisplacedChats);
    if (run(SQL.findOtherChats) === 0) return any;
    applyToChats(run, nowMs);
  }
}
