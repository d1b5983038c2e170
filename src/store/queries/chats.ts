/** Chats and their messages, as the API gives them. */
import { LiveSyncError } from "../../model/errors.ts";
import type { ListAsk, Page } from "../../model/page.ts";
import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, StateStore } from "../state.ts";
import chatItemSql from "./chat.sql" with { type: "text" };
import chatIsThereSql from "./chat_is_there.sql" with { type: "text" };
import chatsSql from "./chats.sql" with { type: "text" };
import chatsUndatedSql from "./chats_undated.sql" with { type: "text" };
import messageItemSql from "./message.sql" with { type: "text" };
import messagesSql from "./messages.sql" with { type: "text" };
import messagesUndatedSql from "./messages_undated.sql" with { type: "text" };
import { pageByDate } from "./page.ts";

/**
 * Chats that are not deleted, the one with the newest message first. While a first import has taken the indexes of
 * messages away, their last messages are null. Throws LiveSyncError `bad_request` for a `before` that is none.
 */
export function listChats(db: Connection, ask: ListAsk): Page {
  const indexed = messagesAreIndexed(db) ? 1 : 0;
  return pageByDate(
    ask,
    (at) => db.prepare(chatsSql).all(at),
    (at) => db.prepare(chatsUndatedSql).all(at),
    (id) => text(db.prepare(chatItemSql).get({ id, indexed }) ?? {}, "item"),
  );
}

/**
 * Messages of a chat, the newest first, those that were deleted among them. Throws LiveSyncError `not_found`;
 * `bad_request` for a `before` that is none; `importing`.
 */
export function listMessages(db: Connection, chat: number, ask: ListAsk): Page {
  if (db.prepare(chatIsThereSql).get({ chat }) === undefined) {
    throw new LiveSyncError("not_found", `Cannot find a chat ${chat}`, "GET /api/v1/chats lists them.");
  }
  refuseDuringImport(db, "list the messages of a chat");
  return pageByDate(
    ask,
    (at) => db.prepare(messagesSql).all({ chat, ...at }),
    (at) => db.prepare(messagesUndatedSql).all({ chat, ...at }),
    (id) => text(db.prepare(messageItemSql).get({ id }) ?? {}, "item"),
  );
}

/** Throws LiveSyncError `importing` where a first import has taken the indexes of messages away. */
export function refuseDuringImport(db: Connection, what: string): void {
  if (messagesAreIndexed(db)) return;
  throw new LiveSyncError(
    "importing",
    `Cannot ${what} as all messages are being imported`,
    "GET /api/v1/status tells how far the import is; ask again when it is done.",
  );
}

function messagesAreIndexed(db: Connection): boolean {
  return new StateStore(db).get(STATE_KEYS.deferredIndexes) === null;
}
