/** A slice of the walk that puts conversations together, inside a transaction of the caller. */
import { integer, integerOrNull } from "../../platform/row.ts";
import type { Connection } from "../../platform/sqlite.ts";
import { regroup } from "./regroup.ts";
import { CONVERSATION_SQL } from "./statements.ts";
import type { Walk } from "./walk.ts";

/** Where the walk stands afterwards, and how many rows it came by. */
export interface Walked {
  readonly rows: number;
  readonly walk: Walk;
}

export function walkSlice(db: Connection, walk: Walk, limit: number): Walked {
  return walk.phase === "forget" ? forget(db, walk, limit) : putTogether(db, walk, limit);
}

function forget(db: Connection, walk: Walk, limit: number): Walked {
  for (const sql of [CONVERSATION_SQL.forgetMessages, CONVERSATION_SQL.forgetConversations]) {
    const rows = db.prepare(sql).run({ limit }).changes;
    if (rows > 0) return { rows, walk };
  }
  return { rows: 0, walk: { ...walk, phase: "walk", until: 0 } };
}

function putTogether(db: Connection, walk: Walk, limit: number): Walked {
  const { until: after } = walk;
  const next = db.prepare(CONVERSATION_SQL.walkNext).get({ after, limit }) ?? {};
  const rows = integer(next, "n");
  const until = integerOrNull(next, "last") ?? after;
  if (until > after) {
    db.prepare(CONVERSATION_SQL.walkTouch).run({ after, until });
    regroup(db, walk.gapMs, until);
  }
  return { rows, walk: { ...walk, until, phase: rows < limit ? "done" : "walk" } };
}
