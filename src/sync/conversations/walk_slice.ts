/** A slice of the walk that puts conversations together, inside a transaction of the caller. */
import { integer, integerOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { type Member, type Run, runsOf } from "./append.ts";
import { regroup } from "./regroup.ts";
import type { Walk } from "./walk.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import walkSql from "./sql/walk.sql" with { type: "text" };

const SQL = statementsOf(walkSql, [
  "members",
  "next",
  "touch",
  "lastOfChat",
  "beginRun",
  "goOnRun",
  "forgetConversations",
  "forgetMessages",
]);

/** Where the walk stands afterwards, and how many rows it came by. */
export interface Walked {
  readonly rows: number;
  readonly walk: Walk;
}

export function walkSlice(db: Connection, walk: Walk, limit: number): Walked {
  return walk.phase === "forget" ? forget(db, walk, limit) : putTogether(db, walk, limit);
}

function forget(db: Connection, walk: Walk, limit: number): Walked {
  for (const sql of [SQL.forgetMessages, SQL.forgetConversations]) {
    const rows = db.prepare(sql).run({ limit }).changes;
    if (rows > 0) return { rows, walk };
  }
  return { rows: 0, walk: { ...walk, phase: "walk", until: 0 } };
}

function putTogether(db: Connection, walk: Walk, limit: number): Walked {
  const { until: after } = walk;
  const next = db.prepare(SQL.next).get({ after, limit }) ?? {};
  const rows = integer(next, "n");
  const until = integerOrNull(next, "last") ?? after;
  if (until > after) {
    let appended = true;
    for (const [chat, members] of membersByChat(db, after, until)) {
      if (append(db, chat, members, walk.gapMs)) continue;
      db.prepare(SQL.touch).run({ after, until, chat });
      appended = false;
    }
    if (!appended) regroup(db, walk.gapMs, until);
  }
  return { rows, walk: { ...walk, until, phase: rows < limit ? "done" : "walk" } };
}

function membersByChat(db: Connection, after: number, until: number): Map<number, Member[]> {
  const chats = new Map<number, Member[]>();
  for (const row of db.prepare(SQL.members).all({ after, until })) {
    const chat = integer(row, "chat_id");
    const member = { messageId: integer(row, "id"), timestampMs: integer(row, "timestamp") };
    const known = chats.get(chat);
    if (known === undefined) chats.set(chat, [member]);
    else known.push(member);
  }
  return chats;
}

/** False, and nothing done, where some of the members may belong to a conversation before the last. */
function append(db: Connection, chat: number, members: readonly Member[], gapMs: number): boolean {
  const row = db.prepare(SQL.lastOfChat).get({ chat });
  const last = row === undefined
    ? null
    : { id: integer(row, "id"), startMs: integer(row, "start_time"), endMs: integer(row, "end_time") };
  const runs = runsOf(members, last, gapMs);
  if (runs === null) return false;
  for (const run of runs) {
    const id = run.goesOn && last !== null ? goOn(db, last.id, run) : begin(db, run);
    const assign = db.prepare("UPDATE main.messages SET conversation_id = :id WHERE id = :message");
    for (const { messageId: message } of run.members) assign.run({ id, message });
  }
  return true;
}

function goOn(db: Connection, id: number, { endMs: end, members }: Run): number {
  db.prepare(SQL.goOnRun).run({ id, end, count: members.length });
  return id;
}

function begin(db: Connection, { endMs: end, members }: Run): number {
  const [first] = members;
  if (first === undefined) throw new RangeError("A conversation begins with a message");
  return db.prepare(SQL.beginRun).run({
    message: first.messageId,
    end,
    count: members.length,
  }).lastId;
}
