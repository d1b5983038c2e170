/**
 * Reads of the source alone. When a statement over both databases fails, SQLite does not say which of the files it was:
 * what a pass reads of Messages' is read again without ours. Its cost is that of a pass, where `quick_check` of a large
 * database takes a minute.
 */
import type { Connection } from "../sqlite/sqlite.ts";
import { statementsOf } from "../sqlite/statements.ts";
import probeSql from "./probe.sql" with { type: "text" };

const SQL = statementsOf(probeSql, [
  "attachments",
  "chats",
  "joins",
  "messages",
  "sizes",
]);

/** How far the pass reads that failed. */
export interface Reach {
  /** Watermarks: rows above them are new. */
  readonly messageRowid: number;
  readonly attachmentRowid: number;
  /** At most so many new rows of each kind. */
  readonly rows: number;
  /** So many of the newest known messages. */
  readonly recent: number;
  /** ROWIDs of messages and attachments that wait. */
  readonly waitingMessages: readonly number[];
  readonly waitingAttachments: readonly number[];
  /** Whether the rows are counted, as at the beginning of the first import. */
  readonly sizes: boolean;
}

/** Throws SqliteError when the source attached to `db` can't be read. */
export function probeSource(db: Connection, reach: Reach): void {
  db.prepare("SELECT count(*) FROM source.sqlite_schema").get();
  const messages = {
    after: reach.messageRowid,
    rows: reach.rows,
    recent: reach.recent,
    waiting: JSON.stringify(reach.waitingMessages),
  };
  db.prepare(SQL.chats).get();
  db.prepare(SQL.messages).get(messages);
  db.prepare(SQL.joins).get(messages);
  db.prepare(SQL.attachments).get({
    after: reach.attachmentRowid,
    rows: reach.rows,
    waiting: JSON.stringify(reach.waitingAttachments),
  });
  if (reach.sizes) db.prepare(SQL.sizes).get();
}
