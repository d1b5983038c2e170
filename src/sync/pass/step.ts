/** What one step of the sync gives to whoever drives it. */
import type { WireEvent } from "../../model/feed.ts";
import { type ChangeCounts, NO_CHANGES } from "./logged_changes.ts";
import type { PassOutcome } from "./pass_plan.ts";

export interface StepOutcome {
  readonly kind: "pass" | "build_indexes";
  readonly events: readonly WireEvent[];
  readonly counts: ChangeCounts;
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

type Passed = Pick<PassOutcome, "events" | "counts" | "thorough" | "more">;

/** A step that looked at no rows of the source, and has left that to the next one. */
export const NO_PASS: Passed = { events: [], counts: NO_CHANGES, thorough: true, more: true };

export function stepOf(passed: Passed, extra: Partial<StepOutcome>): StepOutcome {
  return {
    kind: "pass",
    events: passed.events,
    counts: passed.counts,
    thorough: passed.thorough,
    more: passed.more,
    importCompleted: false,
    resync: false,
    replaced: false,
    ...extra,
  };
}
