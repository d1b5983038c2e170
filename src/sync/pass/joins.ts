/** The source's joins: which stand there now, and which of them a pass need not examine again. */
import { integer, text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { MOST_ROWID, type Width } from "./changed_rows.ts";
import type { JoinsSeen } from "./pass_plan.ts";
import joinsSeenSql from "./sql/joins_seen.sql" with { type: "text" };

export interface Joins {
  readonly now: JoinsSeen;
  /** Those need not be examined again. Null: all that waits has to be. */
  readonly since: JoinsSeen | null;
  /** Highest ROWID of who is in a chat. */
  readonly lastMember: number;
}

/** Reads once, when first asked. Throws SqliteError. */
export type JoinsReader = () => Joins;

/** `before`: the joins that were examined already. */
export function joinsReader(db: Connection, before: JoinsSeen | null): JoinsReader {
  let read: Joins | null = null;
  return () => {
    if (read !== null) return read;
    const { now, namesBefore, lastMember } = readJoins(db, before ?? NO_JOINS);
    // Joins that were deleted give their ROWIDs back, to new ones that "since" would miss.
    read = { now, since: before?.names === namesBefore ? before : null, lastMember };
    return read;
  };
}

/** Row ids above these name nothing that a pass examines by them, of each width. Pure. */
export function reachOfRows(
  watermarks: { readonly messages: number; readonly handles: number },
  joins: Joins,
): Readonly<Record<Width, number>> {
  return {
    // Messages above the watermark come as new ones (selectChanged).
    wide: watermarks.messages,
    middle: MOST_ROWID,
    // Handles above theirs come as new ones (addressChangedHandles), and no row says who is in a chat above the last one
    // (touchChangedChats). Joins of messages are examined by row id only where they are not by what is new.
    any: joins.since === null ? MOST_ROWID : Math.max(watermarks.handles, joins.lastMember),
  };
}

const NO_JOINS = { chats: 0, recoverable: 0, attachments: 0 } as const;

/** The newest joins that stand in the source now. Throws SqliteError. */
export function newestJoins(db: Connection): JoinsSeen {
  return readJoins(db, NO_JOINS).now;
}

function readJoins(
  db: Connection,
  { chats, recoverable, attachments }: Pick<JoinsSeen, "chats" | "recoverable" | "attachments">,
): { readonly now: JoinsSeen; readonly namesBefore: string; readonly lastMember: number } {
  const row = db.prepare(joinsSeenSql).get({ chats, recoverable, attachments }) ?? {};
  return {
    now: {
      chats: integer(row, "chats"),
      recoverable: integer(row, "recoverable"),
      attachments: integer(row, "attachments"),
      names: text(row, "names"),
    },
    namesBefore: text(row, "names_before"),
    lastMember: integer(row, "members"),
  };
}
