/** What passes need not examine again as long as the same file stays attached; in memory, so a start begins anew. */
import { type JoinsSeen, LOOK_BACK, type PassOutcome } from "./pass_plan.ts";

export class AlreadyExamined {
  /** Where the sweep over waiting tapbacks stands; null: it is through. */
  tapbacksAfter: number | null = 0;
  #joinsSeen: JoinsSeen | null = null;
  #joinsBefore: JoinsSeen | null = null;

  /** The joins that a pass has examined. */
  get joinsSeen(): JoinsSeen | null {
    return this.#joinsSeen;
  }

  /**
   * To be called before the WAL is read of which passes will examine all that it names, with the newest joins: what was
   * committed later, the next reading names, or has a higher ROWID.
   */
  readingBegins(joins: JoinsSeen): void {
    this.#joinsBefore = joins;
  }

  /** After the commit of a live pass. `toldByWal`: it was given what commits may have changed. */
  passed(outcome: PassOutcome, { toldByWal, isQueueEmpty }: LivePassFacts): void {
    this.tapbacksAfter = outcome.tapbacksAfter;
    // A quick pass that was given nothing to go on from has seen nothing.
    if (!outcome.thorough && !toldByWal) return;
    this.#joinsSeen = joinsAfter({ seen: outcome.joinsSeen, before: this.#joinsBefore, isQueueEmpty });
    if (isQueueEmpty) this.#joinsBefore = null;
  }

  forget(): void {
    this.tapbacksAfter = 0;
    this.#joinsSeen = null;
    this.#joinsBefore = null;
  }
}

export interface LivePassFacts {
  readonly toldByWal: boolean;
  /** Nothing that commits may have changed is left for a later pass. */
  readonly isQueueEmpty: boolean;
}

/** Whatever is asked for or comes after a pause is owed an examination of all that waits: it trusts no joins. Pure. */
export function trustsJoins(reason: string): boolean {
  return reason === "commit" || reason === LOOK_BACK;
}

/**
 * The joins that the next pass need not examine. `seen` null: the pass had to examine all that waits, but may have been
 * given a part of what the WAL named; with the last part, those from before the reading are examined. Pure.
 *
 * Exported for its test.
 */
export function joinsAfter(
  { seen, before, isQueueEmpty }: {
    readonly seen: JoinsSeen | null;
    readonly before: JoinsSeen | null;
    readonly isQueueEmpty: boolean;
  },
): JoinsSeen | null {
  return seen ?? (isQueueEmpty ? before : null);
}
