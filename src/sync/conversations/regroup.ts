/** Puts messages near `temp.conversation_touch` into conversations anew, inside a transaction of the caller. */
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { CONVERSATION_SQL } from "./statements.ts";

/** `reach`: messages with a greater id are left alone, as if they were not there. Takes the touches away. */
export function regroup(db: Connection, gapMs: number, reach: number): void {
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params);
  run("DELETE FROM temp.conversation_range");
  run("DELETE FROM temp.conversation_member");
  run("DELETE FROM temp.conversation_group");
  run(CONVERSATION_SQL.ranges, { gap: gapMs, reach });
  run(CONVERSATION_SQL.members, { gap: gapMs, reach });
  run(CONVERSATION_SQL.groups);
  run(CONVERSATION_SQL.claims);
  run(CONVERSATION_SQL.newIds);
  run(CONVERSATION_SQL.carryOn);
  run(CONVERSATION_SQL.put);
  run(CONVERSATION_SQL.assign);
  run(CONVERSATION_SQL.leave);
  run(CONVERSATION_SQL.dropEmpty);
  run("DELETE FROM temp.conversation_touch");
}
