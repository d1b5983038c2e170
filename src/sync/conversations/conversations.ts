/**
 * Conversations: messages of a chat, in order of time, with less than a gap between one and the next. A message that was
 * deleted, or has no date, is in none.
 *
 * The first import leaves them alone; afterwards a walk puts them together in slices, and each pass keeps them true as
 * far as the walk has come (conversations/walk.ts).
 */
import { integer, integerOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { FEW, followTouches, type Touch } from "./follow.ts";
import tempTables from "./sql/temp_tables.sql" with { type: "text" };
import touchTriggers from "./sql/touch_triggers.sql" with { type: "text" };
import { type Walk, walkFrom } from "./walk.ts";
import { walkSlice } from "./walk_slice.ts";

const DEFAULT_GAP_MINUTES = 90;

export class Conversations {
  readonly #db: Connection;
  readonly #state: StateStore;
  readonly #gapMs: number;
  #watching = false;
  /** The walk once it was found done in an earlier transaction: nothing but another gap, so another start, undoes that. */
  #done: Walk | null = null;

  /** Makes the work tables; the connection must have no source attached yet. */
  constructor(db: Connection, state: StateStore, gapMs: number = DEFAULT_GAP_MINUTES * 60_000) {
    this.#db = db;
    this.#state = state;
    this.#gapMs = gapMs;
    db.exec(tempTables);
  }

  /** From now on what changes in messages is noted for {@link follow}; outside transactions, after the import. */
  watch(): void {
    if (this.#watching) return;
    this.#db.exec(touchTriggers);
    this.#watching = true;
  }

  /** At the end of a pass, in its transaction, before its events are made. Throws SqliteError. */
  follow(): void {
    const rows = this.#db.prepare(FIRST_TOUCHES).all({ limit: FEW + 1 });
    if (rows.length === 0) return;
    const touches = rows.map((row): Touch => ({
      seq: integer(row, "seq"),
      messageId: integer(row, "message_id"),
      chatId: integer(row, "chat_id"),
      timestampMs: integerOrNull(row, "timestamp"),
      fresh: integer(row, "fresh") === 1,
    }));
    followTouches(this.#db, this.#readWalk(), touches);
  }

  /** One slice of the walk over at most so many messages, in one transaction of the caller. Throws SqliteError. */
  walk(rows: number): { readonly rows: number; readonly done: boolean } {
    const walk = this.#readWalk();
    if (walk.phase === "done" || this.#state.get(STATE_KEYS.importPhase) !== "done") {
      return { rows: 0, done: true };
    }
    const slice = walkSlice(this.#db, walk, rows);
    this.#store(slice.walk);
    return { rows: slice.rows, done: slice.walk.phase === "done" };
  }

  /** A walk with another gap counts from the first message on that was handled with it, else its end could be forgotten. */
  #readWalk(): Walk {
    if (this.#done !== null) return this.#done;
    const stored = this.#state.get(STATE_KEYS.conversations);
    const walk = walkFrom(stored, this.#gapMs);
    if (stored !== JSON.stringify(walk)) this.#store(walk);
    else if (walk.phase === "done") this.#done = walk;
    return walk;
  }

  #store(walk: Walk): void {
    this.#state.set(STATE_KEYS.conversations, JSON.stringify(walk));
  }
}

const FIRST_TOUCHES =
  "SELECT seq, message_id, chat_id, timestamp, fresh FROM temp.conversation_touch ORDER BY timestamp, message_id LIMIT :limit + 0";
