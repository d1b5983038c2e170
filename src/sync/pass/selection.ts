/**
 * Which messages and tapbacks a pass looks at: those above the watermark, those that commits may have changed, those that
 * wait for a chat or a message, and the newest once more.
 */
import { integer, integerOrNull, text, textOrNull } from "../../sqlite/row.ts";
import { STATE_KEYS } from "../../store/state.ts";
import { MOST_ROWID, type Width } from "./changed_rows.ts";
import type { JoinsSeen, PassContext, PassPlan } from "./pass_plan.ts";
import { SQL } from "./statements.ts";
import type { Waiting } from "./preconditions.ts";
import type { Run } from "./work_tables.ts";

/**
 * So many of the rows that wait are looked at, the newest. With five million messages ten thousand may wait: looking at
 * all took 30 to 150 ms, so a thorough pass does that only where nothing tells what is new. In a quick pass the newest
 * few: a join mostly comes right after its row, and each look is a few pages of Messages' file that nothing has in its
 * cache. -1 is SQLite's "no limit".
 */
export const WAITING = {
  messages: { all: -1, thorough: 64, quick: 4 },
  // One comes in with its message or with its join: those are told.
  attachments: { all: -1, told: 0 },
} as const;

/** So many messages that were left for later are looked at in one pass. */
const FOLLOW_UPS = 2_000;

/** The message that is the watermark from now on. */
export interface Newest {
  readonly rowid: number;
  readonly guid: string | null;
}

export interface Taken {
  readonly newMessages: number;
  /** Null if there is no new one. */
  readonly newest: Newest | null;
  readonly thorough: boolean;
  readonly joinsSeen: JoinsSeen | null;
  /** In a thorough pass: what need not be looked at again. Null: all that waits has to be looked at. */
  readonly since: JoinsSeen | null;
  readonly tapbacksAfter: number | null;
}

/** Which joins stand in the source, and which of them a pass need not look at again. */
export interface Joins {
  readonly now: JoinsSeen;
  /** Null: all that waits has to be looked at. */
  readonly since: JoinsSeen | null;
  /** Highest ROWID of who is in a chat. */
  readonly lastMember: number;
}

/** Throws SqliteError. */
export function joinsFor(context: PassContext, { joinsSeen: before }: PassPlan): Joins {
  const { now, namesBefore, lastMember } = readJoins(context, before ?? NO_JOINS);
  // Joins that were deleted give their ROWIDs back, to new ones that "since" would miss.
  return { now, since: before?.names === namesBefore ? before : null, lastMember };
}

/** Row ids above these name nothing that a pass looks at by them, of each width. */
export function reachOfRows(
  watermarks: { readonly messages: number; readonly handles: number },
  joins: Joins,
): Readonly<Record<Width, number>> {
  return {
    // Messages above the watermark come as new ones (want_changed.sql).
    wide: watermarks.messages,
    middle: MOST_ROWID,
    // Handles above theirs come as new ones (address_handles_changed.sql), and no row says who is in a chat above the last
    // one (touch_chats_changed.sql). Joins of messages are looked at by row id only where they are not by what is new.
    any: joins.since === null ? MOST_ROWID : Math.max(watermarks.handles, joins.lastMember),
  };
}

/**
 * Puts the messages and tapbacks that the pass looks at into the work tables. `joins`: as they stand, where the WAL tells
 * what changed.
 */
export function selectRows(
  context: PassContext,
  plan: PassPlan,
  run: Run,
  waiting: Waiting,
  joins: Joins | null,
): Taken {
  const watermark = context.state.getInteger(STATE_KEYS.messageRowid);
  const newMessages = plan.takeNew ? run(SQL.wantNew, { after: watermark, limit: plan.sliceRows }) : 0;
  const newest = newMessages > 0 ? readNewest(context) : null;
  if (plan.scope === "rows") {
    return { newMessages, newest, thorough: false, joinsSeen: null, since: null, tapbacksAfter: null };
  }
  const told = plan.changed !== null;
  const thorough = plan.thorough || (!told && newMessages === 0);
  if (told) {
    run(SQL.wantChanged, { until: watermark });
    if (waiting.followUps) takeFollowUps(run, watermark);
  }
  const waited = thorough || told
    ? wantWaiting(context, plan, run, joins ?? joinsFor(context, plan))
    : { joinsSeen: plan.joinsSeen, since: null };
  if (!thorough && !told) run(SQL.wantJoined, { limit: WAITING.messages.quick });
  if (thorough && plan.lookBack > 0) run(SQL.wantRecent, { until: watermark, limit: plan.lookBack });
  return { newMessages, newest, thorough, ...waited, tapbacksAfter: sweepTapbacks(context, plan, run) };
}

/** Of the new messages, which are all that are among the candidates yet. */
function readNewest({ db }: PassContext): Newest | null {
  const row = db.prepare(SQL.newestNew).get();
  return row === undefined ? null : { rowid: integer(row, "rowid"), guid: textOrNull(row, "guid") };
}

/** Whether messages wait to be looked at, as a pass changed what they hang on. */
export function hasFollowUps({ db }: PassContext): boolean {
  return db.prepare("SELECT 1 FROM main.follow_ups LIMIT 1").get() !== undefined;
}

/** Also those that are candidates already, come as new ones, or are gone. */
function takeFollowUps(run: Run, until: number): void {
  run(SQL.wantFollowUps, { until, limit: FOLLOW_UPS });
  run(SQL.followUpsTaken, { limit: FOLLOW_UPS });
}

/** In a thorough pass: takes the waiting messages that have a chat now, and gives which joins it saw. */
function wantWaiting(
  context: PassContext,
  plan: PassPlan,
  run: Run,
  { now, since }: Joins,
): { readonly joinsSeen: JoinsSeen | null; readonly since: JoinsSeen | null } {
  const until = context.state.getInteger(STATE_KEYS.messageRowid);
  if (plan.thorough || plan.changed === null || since === null) {
    const limit = since === null ? WAITING.messages.all : WAITING.messages.thorough;
    if (plan.letGo) run(SQL.pendingGone, { limit });
    run(SQL.wantJoined, { limit });
  }
  if (since !== null) {
    run(SQL.wantJoinedSince, { chats: since.chats, recoverable: since.recoverable, until });
  } else if (plan.changed !== null) run(SQL.wantJoinsChanged, { until });
  // Where all had to be looked at, this pass may have been given a part of it: whoever gives it knows (messages.ts).
  return { joinsSeen: since === null ? null : now, since };
}

const NO_JOINS = { chats: 0, recoverable: 0, attachments: 0 } as const;

/** The newest joins that stand in the source now. Throws SqliteError. */
export function newestJoins(context: PassContext): JoinsSeen {
  return readJoins(context, NO_JOINS).now;
}

function readJoins(
  { db }: PassContext,
  { chats, recoverable, attachments }: Pick<JoinsSeen, "chats" | "recoverable" | "attachments">,
): { readonly now: JoinsSeen; readonly namesBefore: string; readonly lastMember: number } {
  const row = db.prepare(SQL.joinsSeen).get({ chats, recoverable, attachments }) ?? {};
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

/** Takes a slice of the tapbacks that wait although their message is here; gives where the next slice begins. */
function sweepTapbacks(context: PassContext, plan: PassPlan, run: Run): number | null {
  if (plan.tapbacksAfter === null) return null;
  const slice = { after: plan.tapbacksAfter, limit: plan.sliceRows };
  const last = context.db.prepare(SQL.lastTapbackWaiting).get(slice);
  run(SQL.wantTapbacksWaiting, slice);
  return last === undefined ? null : integerOrNull(last, "top");
}
