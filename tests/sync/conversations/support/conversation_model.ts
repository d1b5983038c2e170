/** What conversations have to be: everything read, and put together from nothing. */
import { deepEqual } from "node:assert/strict";
import { integer, integerOrNull } from "../../../../src/sqlite/row.ts";
import type { Connection } from "../../../../src/sqlite/sqlite.ts";

interface Talk {
  readonly chat: number;
  readonly initiator: number | null;
  readonly initiatorIdentifier: number | null;
  readonly start: number;
  readonly end: number;
  /** Ids of its messages, in order. */
  readonly messages: readonly number[];
}

/** One statement over all messages, with the window functions that the program itself uses for nothing else. */
const MODEL = `
  SELECT id, chat_id, timestamp, sender_id, sender_identifier_id,
         coalesce(timestamp - lag(timestamp) OVER (PARTITION BY chat_id ORDER BY timestamp, id) >= :gap, 1) AS begins
    FROM main.messages
   WHERE deleted_at IS NULL AND timestamp IS NOT NULL
   ORDER BY chat_id, timestamp, id`;

function expected(db: Connection, gapMs: number): Talk[] {
  const talks: Talk[] = [];
  for (const row of db.prepare(MODEL).all({ gap: gapMs })) {
    const id = integer(row, "id");
    const at = integer(row, "timestamp");
    const last = talks.at(-1);
    if (last !== undefined && integer(row, "begins") === 0) {
      talks[talks.length - 1] = { ...last, end: at, messages: [...last.messages, id] };
      continue;
    }
    talks.push({
      chat: integer(row, "chat_id"),
      initiator: integerOrNull(row, "sender_id"),
      initiatorIdentifier: integerOrNull(row, "sender_identifier_id"),
      start: at,
      end: at,
      messages: [id],
    });
  }
  return talks;
}

function stored(db: Connection): { readonly talks: Talk[]; readonly counts: number[] } {
  const rows = db.prepare("SELECT * FROM main.conversations ORDER BY chat_id, start_time").all();
  const talks = rows.map((row): Talk => ({
    chat: integer(row, "chat_id"),
    initiator: integerOrNull(row, "initiator_id"),
    initiatorIdentifier: integerOrNull(row, "initiator_identifier_id"),
    start: integer(row, "start_time"),
    end: integer(row, "end_time"),
    messages: db.prepare("SELECT id FROM main.messages WHERE conversation_id = :id ORDER BY timestamp, id")
      .all({ id: integer(row, "id") }).map((message) => integer(message, "id")),
  }));
  return { talks, counts: rows.map((row) => integer(row, "message_count")) };
}

/** The conversations of `db` are those that its messages make; ids aside. */
export function judgeConversations(db: Connection, gapMs: number): void {
  const { talks, counts } = stored(db);
  const wanted = expected(db, gapMs);
  deepEqual(talks, wanted);
  deepEqual(counts, wanted.map(({ messages }) => messages.length));
  const none = db.prepare(
    "SELECT id FROM main.messages WHERE (conversation_id IS NULL) <> (deleted_at IS NOT NULL OR timestamp IS NULL)",
  ).all();
  deepEqual(none, [], "a message is in a conversation where it counts, and in none where it does not");
}
