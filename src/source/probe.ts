/**
 * Reads of the source alone. When a statement over both databases fails, SQLite does not say which of the files it was:
 * what a pass reads of Messages' is read again without ours. Its cost is that of a pass, where `quick_check` of a large
 * database takes a minute.
 */
import type { Connection } from "../sqlite/sqlite.ts";
import probeAttachments from "./probe_attachments.sql" with { type: "text" };
import probeChats from "./probe_chats.sql" with { type: "text" };
import probeJoins from "./probe_joins.sql" with { type: "text" };
import probeMessages from "./probe_messages.sql" with { type: "text" };
import probeSizes from "./probe_sizes.sql" with { type: "text" };

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
  db.prepare(probeChats).get();
  db.prepare(probeMessages).get(messages);
  db.prepare(probeJoins).get(messages);
  db.prepare(probeAttachments).get({
    after: reach.attachmentRowid,
    rows: reach.rows,
    waiting: JSON.stringify(reach.waitingAttachments),
  });
  if (reach.sizes) db.prepare(probeSizes).get();
}
