/**
 * What a pass has before it, read in a statement each, so that it runs no statement that can't have anything to do: a live
 * pass of one message is mostly that.
 */
import { integer } from "../../sqlite/row.ts";
import type { Connection, Row } from "../../sqlite/sqlite.ts";
import { SQL } from "./statements.ts";

/** Whether anything waits, at the pass's begin. */
export interface Waiting {
  readonly messages: boolean;
  readonly reactions: boolean;
  readonly followUps: boolean;
}

/** Whether there is anything of the kind among the candidates. */
export interface Candidates {
  readonly messages: boolean;
  readonly events: boolean;
  /** Tapbacks, and what takes one back. */
  readonly tapbacks: boolean;
  /** Some are in no chat. */
  readonly chatless: boolean;
}

export function readWaiting(db: Connection): Waiting {
  const row = db.prepare(SQL.waitingKinds).get() ?? {};
  return { messages: is(row, "messages"), reactions: is(row, "reactions"), followUps: is(row, "follow_ups") };
}

/** When all that the pass looks at is among them. */
export function readCandidates(db: Connection): Candidates {
  const row = db.prepare(SQL.candidateKinds).get() ?? {};
  return {
    messages: is(row, "messages"),
    events: is(row, "events"),
    tapbacks: is(row, "tapbacks"),
    chatless: is(row, "chatless"),
  };
}

function is(row: Row, column: string): boolean {
  return integer(row, column) === 1;
}
