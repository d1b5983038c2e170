/**
 * Which rows a pass examines: those above the watermark, those that commits may have changed, those that wait for a chat or
 * a message, and the newest once more. What a live pass of one message costs is mostly statements, so what waits and what
 * was selected is read in one statement each, and nothing is run that can't have anything to do.
 */
import { integer, integerOrNull, textOrNull } from "../../sqlite/row.ts";
import type { Connection, Row } from "../../sqlite/sqlite.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import { STATE_KEYS } from "../../store/state.ts";
import { putChanged } from "./deletions.ts";
import { type Joins, type JoinsReader, joinsReader, reachOfRows } from "./joins.ts";
import type { JoinsSeen, PassContext, PassScope } from "./pass_plan.ts";
import selectionSql from "./sql/selection.sql" with { type: "text" };
import { clearWorkTables, type Run, runOn } from "./work_tables.ts";

const SQL = statementsOf(selectionSql, [
  "selectNew",
  "newestNew",
  "selectChanged",
  "selectFollowUps",
  "takeFollowUps",
  "selectJoined",
  "selectJoinedSince",
  "selectJoinsChanged",
  "selectRecent",
  "selectTapbacksOfNew",
  "selectTapbacksWaiting",
  "lastTapbackWaiting",
  "kindsWaiting",
  "kindsSelected",
  "dropDeletedWaiting",
  "markRecentlyDeleted",
]);

/**
 * So many of the rows that wait are examined, the newest. With five million messages ten thousand may wait: to examine all
 * took 30 to 150 ms, so a thorough pass does that only where nothing tells what is new. In a quick pass the newest few: a
 * join mostly comes right after its row, and each costs a few pages of Messages' file that nothing has in its cache. -1 is
 * SQLite's "no limit".
 */
const WAITING = { all: -1, thorough: 64, quick: 4 } as const;

/** So many messages that were left for later are examined in one pass. */
const FOLLOW_UPS = 2_000;

/** The message that is the watermark from now on. */
export interface Newest {
  readonly rowid: number;
  readonly guid: string | null;
}

/** Whether anything waits, at the pass's begin. */
export interface Waiting {
  readonly messages: boolean;
  readonly reactions: boolean;
  readonly followUps: boolean;
}

/** Whether there is anything of the kind among the candidates. */
export interface Candidates {
  readonly messages: boolean;
  readonly happenings: boolean;
  /** Tapbacks, and what takes one back. */
  readonly tapbacks: boolean;
  /** Some are in no chat. */
  readonly chatless: boolean;
}

export interface Selection {
  readonly newMessages: number;
  /** Null if there is no new one. */
  readonly newest: Newest | null;
  readonly thorough: boolean;
  readonly joinsSeen: JoinsSeen | null;
  /** In a thorough pass: what need not be examined again. Null: all that waits has to be. */
  readonly since: JoinsSeen | null;
  readonly tapbacksAfter: number | null;
  readonly waiting: Waiting;
}

/** Puts what the pass examines into the work tables, which it empties first. Throws SqliteError. */
export function selectRows(context: PassContext, scope: PassScope): Selection {
  const { db, state } = context;
  const run = runOn(db);
  clearWorkTables(run);
  const waiting = readWaiting(db);
  const joins = joinsReader(db, scope.joinsSeen);
  if (scope.changed !== null) {
    putChanged(
      run,
      scope.changed,
      reachOfRows({
        messages: state.getInteger(STATE_KEYS.messageRowid),
        handles: state.getInteger(STATE_KEYS.handleRowid),
      }, joins()),
    );
  }
  const watermark = state.getInteger(STATE_KEYS.messageRowid);
  const newMessages = scope.takesNew ? run(SQL.selectNew, { after: watermark, limit: scope.sliceRows }) : 0;
  const newest = newMessages > 0 ? readNewest(db) : null;
  const common = { newMessages, newest, waiting };
  if (!scope.indexed) {
    return { ...common, thorough: false, joinsSeen: null, since: null, tapbacksAfter: null };
  }
  const told = scope.changed !== null;
  const thorough = scope.thorough || (!told && newMessages === 0);
  if (told) {
    run(SQL.selectChanged, { until: watermark });
    if (waiting.followUps) takeFollowUps(run, watermark);
  }
  const waited = thorough || told
    ? selectWaiting(run, scope, watermark, joins)
    : { joinsSeen: scope.joinsSeen, since: null };
  if (!thorough && !told) run(SQL.selectJoined, { limit: WAITING.quick });
  if (thorough && scope.lookBack > 0) run(SQL.selectRecent, { until: watermark, limit: scope.lookBack });
  return { ...common, thorough, ...waited, tapbacksAfter: sweepTapbacks(db, scope) };
}

/** Once rows that were deleted have been dealt with: adds what waited for the new ones, and says what there is. */
export function completeSelection(db: Connection, scope: PassScope, waiting: Waiting): Candidates {
  const run = runOn(db);
  if (scope.indexed && waiting.reactions) run(SQL.selectTapbacksOfNew);
  const candidates = readCandidates(db);
  if (candidates.chatless) run(SQL.markRecentlyDeleted);
  return candidates;
}

/** Whether messages wait to be examined, as a pass changed what they hang on. Throws SqliteError. */
export function hasFollowUps({ db }: Pick<PassContext, "db">): boolean {
  return db.prepare("SELECT 1 FROM main.follow_ups LIMIT 1").get() !== undefined;
}

/** What waits and was deleted in the source waits no more; of the newest `limit`, -1 for all. Throws SqliteError. */
export function dropDeletedWaiting(run: Run, limit: number): void {
  run(SQL.dropDeletedWaiting, { limit });
}

function readWaiting(db: Connection): Waiting {
  const row = db.prepare(SQL.kindsWaiting).get() ?? {};
  return { messages: is(row, "messages"), reactions: is(row, "reactions"), followUps: is(row, "follow_ups") };
}

function readCandidates(db: Connection): Candidates {
  const row = db.prepare(SQL.kindsSelected).get() ?? {};
  return {
    messages: is(row, "messages"),
    happenings: is(row, "events"),
    tapbacks: is(row, "tapbacks"),
    chatless: is(row, "chatless"),
  };
}

function is(row: Row, column: string): boolean {
  return integer(row, column) === 1;
}

/** Of the new messages, which are all that are among the candidates yet. */
function readNewest(db: Connection): Newest | null {
  const row = db.prepare(SQL.newestNew).get();
  return row === undefined ? null : { rowid: integer(row, "rowid"), guid: textOrNull(row, "guid") };
}

/** Also those that are candidates already, come as new ones, or were deleted. */
function takeFollowUps(run: Run, until: number): void {
  run(SQL.selectFollowUps, { until, limit: FOLLOW_UPS });
  run(SQL.takeFollowUps, { limit: FOLLOW_UPS });
}

/** Takes the waiting messages that have a chat now, and gives which joins the pass saw. */
function selectWaiting(
  run: Run,
  scope: PassScope,
  until: number,
  joins: JoinsReader,
): Pick<Joins, "since"> & { readonly joinsSeen: JoinsSeen | null } {
  const { now, since } = joins();
  if (scope.thorough || scope.changed === null || since === null) {
    const limit = since === null ? WAITING.all : WAITING.thorough;
    if (scope.dropsDeletedWaiting) dropDeletedWaiting(run, limit);
    run(SQL.selectJoined, { limit });
  }
  if (since !== null) {
    run(SQL.selectJoinedSince, { chats: since.chats, recoverable: since.recoverable, until });
  } else if (scope.changed !== null) run(SQL.selectJoinsChanged, { until });
  // Where all had to be examined, this pass may have been given a part of it: whoever gives it knows (already_examined.ts).
  return { joinsSeen: since === null ? null : now, since };
}

/** Takes a slice of the tapbacks that wait although their message is here; gives where the next slice begins. */
function sweepTapbacks(db: Connection, scope: PassScope): number | null {
  if (scope.tapbacksAfter === null) return null;
  const slice = { after: scope.tapbacksAfter, limit: scope.sliceRows };
  const last = db.prepare(SQL.lastTapbackWaiting).get(slice);
  db.prepare(SQL.selectTapbacksWaiting).run(slice);
  return last === undefined ? null : integerOrNull(last, "top");
}
