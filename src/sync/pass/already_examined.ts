/** What passes need not look at again as long as the same file stays attached; in memory, so a start begins anew. */
import type { JoinsSeen } from "./pass_plan.ts";

export class AlreadyExamined {
  /** Where the sweep over waiting tapbacks stands; null: it is through. */
  tapbacksAfter: number | null = 0;
  /** The joins that a thorough pass has looked at. */
  joinsSeen: JoinsSeen | null = null;

  /**
   * The newest joins before the WAL was read of which passes look at all that it names: what was committed later, the next
   * reading names, or has a higher ROWID.
   */
  joinsBefore: JoinsSeen | null = null;

  forget(): void {
    this.tapbacksAfter = 0;
    this.joinsSeen = null;
    this.joinsBefore = null;
  }
}
