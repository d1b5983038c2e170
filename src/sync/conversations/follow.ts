/** Brings conversations in line with what a transaction did to messages, as its touches tell. */
import { integer, integerOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { regroup } from "./regroup.ts";
import { reachOf, type Walk } from "./walk.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import followSql from "./sql/follow.sql" with { type: "text" };

const SQL = statementsOf(followSql, [
  "neighbours",
  "goOn",
  "beginOne",
]);

export interface Touch {
  readonly seq: number;
  readonly messageId: number;
  readonly chatId: number;
  readonly timestampMs: number | null;
  readonly fresh: boolean;
}

/** With more touches than this, statements over all of them cost less than statements for each. */
export const FEW = 8;

/** `touches`: the first ones, in order of time; at least one more than {@link FEW} if there are more. */
export function followTouches(db: Connection, walk: Walk, touches: readonly Touch[]): void {
  const reach = reachOf(walk);
  let appended = -1;
  if (touches.length <= FEW && touches.every(({ fresh }) => fresh)) {
    appended = touches.findIndex((touch) => touch.messageId <= reach && !append(db, walk.gapMs, touch));
    if (appended === -1) {
      db.prepare("DELETE FROM temp.conversation_touch").run();
      return;
    }
  }
  for (const { seq } of touches.slice(0, Math.max(0, appended))) {
    db.prepare("DELETE FROM temp.conversation_touch WHERE seq = :seq").run({ seq });
  }
  regroup(db, walk.gapMs, reach);
}

/**
 * What nearly every pass brings: a new message with nothing near behind it but its own conversation, which it goes on
 * with, however long that is, or begins. False, and nothing done, where it may join what comes after it.
 */
function append(db: Connection, gapMs: number, touch: Touch): boolean {
  const { chatId: chat, messageId: message, timestampMs: at } = touch;
  if (at === null) return false;
  const near = db.prepare(SQL.neighbours).get({ chat, at }) ?? {};
  const until = integerOrNull(near, "end_time");
  const next = integerOrNull(near, "next_start");
  if (next !== null && next - at < gapMs) return false;
  let id: number;
  if (until === null || at - until >= gapMs) {
    id = db.prepare(SQL.beginOne).run({ message }).lastId;
  } else {
    id = integer(near, "id");
    db.prepare(SQL.goOn).run({ id, at });
  }
  db.prepare("UPDATE main.messages SET conversation_id = :id WHERE id = :message").run({ id, message });
  return true;
}
