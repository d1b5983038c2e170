/** Puts messages near `temp.conversation_touch` into conversations anew, inside a transaction of the caller. */
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import regroupSql from "./sql/regroup.sql" with { type: "text" };

const SQL = statementsOf(regroupSql, [
  "ranges",
  "members",
  "groups",
  "claims",
  "newIds",
  "put",
  "assign",
  "carryOn",
  "leave",
  "dropEmpty",
]);

/** `reach`: messages with a greater id are left alone, as if they were not there. Takes the touches away. */
export function regroup(db: Connection, gapMs: number, reach: number): void {
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params);
  run("DELETE FROM temp.conversation_range");
  run("DELETE FROM temp.conversation_member");
  run("DELETE FROM temp.conversation_group");
  run(SQL.ranges, { gap: gapMs, reach });
  run(SQL.members, { gap: gapMs, reach });
  run(SQL.groups);
  run(SQL.claims);
  run(SQL.newIds);
  run(SQL.carryOn);
  run(SQL.put);
  run(SQL.assign);
  run(SQL.leave);
  run(SQL.dropEmpty);
  run("DELETE FROM temp.conversation_touch");
}
