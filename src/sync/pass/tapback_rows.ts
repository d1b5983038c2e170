/** The part of a pass that brings in tapbacks, and settles which of them stand. */
import { statementsOf } from "../../sqlite/statements.ts";
import tapbacksSql from "./sql/tapbacks.sql" with { type: "text" };
import type { Run } from "./work_tables.ts";

const SQL = statementsOf(tapbacksSql, [
  "findTapbacks",
  "touchMoved",
  "putReactions",
  "putRemovals",
  "putPending",
  "dropPending",
  "touch",
  "settle",
  "applySettled",
]);

export interface TapbackFacts {
  /** Tapbacks, or what takes one back, are among the candidates. */
  readonly some: boolean;
  /** Messages have their indexes. */
  readonly indexed: boolean;
  /** Some waited before the pass. */
  readonly waited: boolean;
  /** Rows of ours were deleted by this pass. */
  readonly deleted: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Throws SqliteError. */
export function bringInTapbacks(run: Run, { some, indexed, waited, deleted, nowMs }: TapbackFacts): void {
  if (some) {
    const found = run(SQL.findTapbacks, { indexed: indexed ? 1 : 0 });
    if (indexed && found > 0) run(SQL.touchMoved);
    run(SQL.putReactions);
    run(SQL.putRemovals);
    run(SQL.putPending, { now: nowMs });
    if (indexed && waited) run(SQL.dropPending);
    if (indexed) run(SQL.touch);
  }
  // What the first part of the import brings is settled at its end, all at once. A tapback whose end is deleted stands again.
  if (indexed && (some || deleted)) settleTouchedTapbacks(run);
}

/** Settles anew the tapbacks that stand in `temp.touched_tapback`. Throws SqliteError. */
export function settleTouchedTapbacks(run: Run): void {
  if (run(SQL.settle) > 0) run(SQL.applySettled);
}
