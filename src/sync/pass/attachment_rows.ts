/** The part of a pass that brings in attachments. */
import { STATE_KEYS } from "../../store/state.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import type { PassContext, PassScope } from "./pass_plan.ts";
import type { Selection } from "./selection.ts";
import attachmentsSql from "./sql/attachments.sql" with { type: "text" };
import { highest, runOn } from "./work_tables.ts";

const SQL = statementsOf(attachmentsSql, [
  "selectNew",
  "selectKnown",
  "selectChanged",
  "putAttachments",
  "putPending",
  "dropPending",
]);

/** An attachment comes in with its message or with its join: those are told. -1 is SQLite's "no limit". */
const WAITING = { all: -1, told: 0 } as const;

/** Gives how many new ones were taken. Throws SqliteError. */
export function bringInAttachments(
  context: PassContext,
  scope: PassScope,
  { thorough, since }: Selection,
  nowMs: number,
): number {
  const { db, state } = context;
  const run = runOn(db);
  const watermark = state.getInteger(STATE_KEYS.attachmentRowid);
  const found = scope.takesNew ? run(SQL.selectNew, { after: watermark, limit: scope.sliceRows }) : 0;
  if (found > 0) {
    const newest = highest(db, "SELECT max(rowid) AS top FROM temp.candidate_attachment");
    if (newest !== null) state.set(STATE_KEYS.attachmentRowid, newest);
  }
  const limit = WAITING[thorough && since === null ? "all" : "told"];
  let known = run(SQL.selectKnown, { until: watermark, limit, since: since?.attachments ?? null });
  if (scope.changed !== null) known += run(SQL.selectChanged, { until: watermark });
  if (found + known === 0) return 0;
  run(SQL.putAttachments, { home: context.home });
  run(SQL.putPending, { now: nowMs });
  run(SQL.dropPending);
  return found;
}
