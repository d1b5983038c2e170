/** What every operation of the simulated Messages app works on. */
import { LiveSyncError } from "../../model/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { integer, text, textOrNull } from "../../sqlite/row.ts";
import type { Connection, Row } from "../../sqlite/sqlite.ts";
import type { SeededRandom } from "../random.ts";
import { isAtLeast, type Release, releaseOf } from "../releases.ts";
import type { TableWriter } from "../table_writer.ts";

/** Whose Mac it is. */
export interface Me {
  /** E.164. */
  readonly phone: string;
  readonly email: string;
}

export interface AppContext {
  readonly db: Connection;
  readonly tables: TableWriter;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly me: Me;
  /** GUID of a chat made with `joinLater` → ROWIDs of its members' handles. */
  readonly waitingMembers: Map<string, readonly number[]>;
  /** GUID of a message written with `joinLater` → ROWID of its chat. */
  readonly waitingMessages: Map<string, number>;
  /** GUID of an attachment written with `joinLater` → ROWID of its message. */
  readonly waitingAttachments: Map<string, number>;
}

/** One transaction, unless the caller holds one open already. */
export function commit<T>(context: AppContext, work: () => T): T {
  return context.db.inTransaction ? work() : context.db.transaction(work);
}

/** Throws `not_in_release` where the file is of an older release than `least`: Messages itself could not do it there. */
export function requireRelease(context: AppContext, least: Release, what: string): void {
  const release = releaseOf(context.db);
  if (isAtLeast(release, least)) return;
  throw new LiveSyncError(
    "not_in_release",
    `Cannot ${what} before ${least}: this chat.db is of ${release}`,
  );
}

export interface ChatRow {
  readonly rowid: number;
  readonly guid: string;
  readonly isGroup: boolean;
  readonly identifier: string;
  readonly service: string;
}

const CHAT_COLUMNS = "SELECT ROWID AS rowid, guid, style, chat_identifier, service_name FROM chat";

export function chatByGuid(context: AppContext, guid: string): ChatRow {
  return chatRow(found(context.db.prepare(`${CHAT_COLUMNS} WHERE guid = :guid`).get({ guid }), "chat", guid));
}

/** The first chat that the message is in, or undefined. */
export function chatOfMessage(context: AppContext, messageGuid: string): ChatRow | undefined {
  const row = context.db.prepare(
    `${CHAT_COLUMNS} WHERE ROWID = (SELECT min(chat_id) FROM chat_message_join
       WHERE message_id = (SELECT ROWID FROM message WHERE guid = :messageGuid))`,
  ).get({ messageGuid });
  return row && chatRow(row);
}

function chatRow(row: Row): ChatRow {
  return {
    rowid: integer(row, "rowid"),
    guid: text(row, "guid"),
    isGroup: integer(row, "style") === 43,
    identifier: text(row, "chat_identifier"),
    service: textOrNull(row, "service_name") ?? "iMessage",
  };
}

/** ROWID of the row with this GUID; throws when there is none. */
export function rowidOf(context: AppContext, table: "message" | "attachment", guid: string): number {
  const row = context.db.prepare(`SELECT ROWID AS rowid FROM ${table} WHERE guid = :guid`).get({ guid });
  return integer(found(row, table, guid), "rowid");
}

function found(row: Row | undefined, table: string, guid: string): Row {
  if (row) return row;
  throw new LiveSyncError("no_such_row", `Cannot go on: ${table} has no row with this GUID: ${guid}`);
}

/** ROWID of the handle row of this address and service; made where there is none, as Messages does. */
export function handleRowid(
  context: AppContext,
  address: string,
  service: string,
  country = "us",
): number {
  const row = context.db.prepare(
    "SELECT ROWID AS rowid FROM handle WHERE id = :address AND service = :service",
  )
    .get({ address, service });
  if (row) return integer(row, "rowid");
  return context.tables.insert("handle", { id: address, service, country, uncanonicalized_id: address });
}
