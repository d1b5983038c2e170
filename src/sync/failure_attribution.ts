/** Whose a failure is. SQLite does not say which of the two files it was, and the person has to mend the right one. */
import { LiveSyncError } from "../model/errors.ts";
import { type Connection, SQLITE, SqliteError } from "../sqlite/sqlite.ts";
import type { MessagesDb } from "../source/messages_db.ts";
import type { Reach } from "../source/probe.ts";
import { STATE_KEYS, type StateStore } from "../store/state.ts";
import { explainFailure } from "./failure.ts";
import { rowsWaiting } from "./pass/bookkeeping.ts";

export interface Parties {
  readonly db: Connection;
  readonly state: StateStore;
  readonly source: MessagesDb;
}

/** What only the file that is written to can report. */
const ALWAYS_OURS: readonly number[] = [SQLITE.FULL, SQLITE.CONSTRAINT];
/** More of the newest messages than any pass looks at again. */
const RECENT_ROWS = 200;
const MOST_WAITING = 5_000;

/**
 * `error` in words, after Messages' file was read alone as far as a pass of `rows` new rows reads. Ours is blamed when
 * it can't be read for that, or when nothing is wrong with Messages'.
 */
export function explain(error: LiveSyncError, parties: Parties, rows: number): LiveSyncError {
  if (!(error instanceof SqliteError) || ALWAYS_OURS.includes(error.resultCode)) return explainFailure(error);
  let reach: Reach;
  try {
    reach = reachOf(parties, rows);
  } catch (ours) {
    if (ours instanceof LiveSyncError) return explainFailure(ours);
    throw ours;
  }
  return parties.source.trouble(reach) ?? explainFailure(error);
}

function reachOf({ db, state }: Parties, rows: number): Reach {
  const waiting = (kind: string) => rowsWaiting(db, kind, MOST_WAITING);
  const phase = state.get(STATE_KEYS.importPhase);
  return {
    messageRowid: state.getInteger(STATE_KEYS.messageRowid),
    attachmentRowid: state.getInteger(STATE_KEYS.attachmentRowid),
    rows,
    recent: RECENT_ROWS,
    waitingMessages: [...waiting("message"), ...waiting("reaction")],
    waitingAttachments: waiting("attachment"),
    sizes: phase === null,
  };
}
