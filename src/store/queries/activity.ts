/** Messages per day, as the API gives them. */
import { LiveSyncError } from "../../model/errors.ts";
import type { Activity, ActivityAsk, ContactActivity } from "../../model/activity.ts";
import { integer, text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { type DayCount, DayTally, type PersonTally } from "./day_tally.ts";
import { dayRuns, type LocalDays, localDays } from "./local_days.ts";
import { refuseDuringImport } from "./chats.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import activitySql from "./activity.sql" with { type: "text" };

const SQL = statementsOf(activitySql, [
  "days",
  "senders",
  "me",
  "merges",
  "name",
]);

/** Lets others have their turn: a million messages in the period take most of a second. */
export interface Pauses {
  /** Whether it went on long enough. */
  isDue(): boolean;
  pause(): Promise<void>;
}

/** How often it begins anew when contacts were merged in a pause; then it makes no more pauses. */
const ATTEMPTS = 3;

/**
 * Counts sender by sender; one with half a million messages in the period takes 17 ms (measured). New messages may come
 * in a pause; after a merge or its undo it begins anew, as it would count messages twice or not at all.
 *
 * Throws LiveSyncError `bad_request` for a zone that is none, `importing`, and what `pauses` throws.
 */
export async function readActivity(
  db: Connection,
  ask: ActivityAsk,
  nowMs: number,
  pauses: Pauses,
): Promise<Activity> {
  const days = localDays(nowMs, ask.days, ask.zone);
  if (days === null) {
    throw new LiveSyncError("bad_request", "Cannot read `tz`", "Give an IANA name, such as Europe/Berlin.");
  }
  for (let attempt = 1;; attempt++) {
    const tally = await count(db, days, ask.top ?? 0, attempt < ATTEMPTS ? pauses : null);
    if (tally !== null) return activity(db, ask, days, tally);
  }
}

/** Null: contacts were merged in a pause. */
async function count(
  db: Connection,
  days: LocalDays,
  top: number,
  pauses: Pauses | null,
): Promise<DayTally | null> {
  refuseDuringImport(db, "count messages");
  const tally = new DayTally(days.days.length, top);
  const merges = mergesSoFar(db);
  const me = integer(db.prepare(SQL.me).get() ?? {}, "id");
  const runs = JSON.stringify(
    dayRuns(days).map(({ first, start, length, end }) => [first, start, length, end]),
  );
  for (const sender of [...sendersIn(db, days), null]) {
    const counts = db.prepare(SQL.days).all({ sender, runs })
      .map((row): DayCount => [integer(row, "day"), integer(row, "messages")]);
    if (sender === me) tally.addSent(counts);
    else tally.addReceived(sender, counts);
    if (!pauses?.isDue()) continue;
    await pauses.pause();
    refuseDuringImport(db, "count messages");
    if (mergesSoFar(db) !== merges) return null;
  }
  return tally;
}

/** Ids of contacts who sent something in the period. */
function sendersIn(db: Connection, { days, end }: LocalDays): number[] {
  const rows = db.prepare(SQL.senders).all({ from: days[0]?.start ?? end, to: end });
  return rows.map((row) => integer(row, "id"));
}

/** Another one after each merge and each undo. */
function mergesSoFar(db: Connection): string {
  return text(db.prepare(SQL.merges).get() ?? {}, "merges");
}

function activity(db: Connection, ask: ActivityAsk, { days }: LocalDays, tally: DayTally): Activity {
  const { sent, received, top, others } = tally;
  return {
    tz: ask.zone,
    items: days.map((day, i) => ({ ...day, sent: sent[i] ?? 0, received: received[i] ?? 0 })),
    next: null,
    sent: sum(sent),
    received: sum(received),
    ...ask.top === null ? {} : { contacts: top.map((person) => named(db, person)), others },
  };
}

function named(db: Connection, { sender, total, days }: PersonTally): ContactActivity {
  const name: unknown = JSON.parse(text(db.prepare(SQL.name).get({ id: sender }) ?? {}, "name"));
  return { id: sender, name: String(name), total, days };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
