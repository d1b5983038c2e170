/** Chats and their messages, as the API gives them. */
import { LiveSyncError } from "../../model/errors.ts";
import type { ListAsk, Page } from "../../model/page.ts";
import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, StateStore } from "../state.ts";
import { pageByDate } from "./page.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import chatsSql from "./chats.sql" with { type: "text" };
import messagesSql from "./messages.sql" with { type: "text" };

const MESSAGES = statementsOf(messagesSql, [
  "messages",
  "messagesUndated",
  "message",
]);

const CHATS = statementsOf(chatsSql, [
  "chats",
  "chatsUndated",
  "chat",
  "chatIsThere",
]);

/**
 * Chats that are not deleted, the one with the newest message first. While a first import has taken the indexes of
 * messages away, their last messages are null. Throws LiveSyncError `bad_request` for a `before` that is none.
 */
export function listChats(db: Connection, ask: ListAsk): Page {
  const indexed = messagesAreIndexed(db) ? 1 : 0;
  return pageByDate(
    ask,
    (at) => db.prepare(CHATS.chats).all(at),
    (at) => db.prepare(CHATS.chatsUndated).all(at),
    (id) => text(db.prepare(CHATS.chat).get({ id, indexed }) ?? {}, "item"),
  );
}

/**
 * Messages of a chat, the newest first, those that were deleted among them. Throws LiveSyncError `not_found`;
 * `bad_request` for a `before` that is none; `importing`.
 */
export function listMessages(db: Connection, chat: number, ask: ListAsk): Page {
  if (db.prepare(CHATS.chatIsThere).get({ chat }) === undefined) {
    throw new LiveSyncError("not_found", `Chat ${chat} not found`, "GET /api/v1/chats lists them.");
  }
  refuseDuringImport(db, "list the messages of a chat");
  return pageByDate(
    ask,
    (at) => db.prepare(MESSAGES.messages).all({ chat, ...at }),
    (at) => db.prepare(MESSAGES.messagesUndated).all({ chat, ...at }),
    (id) => text(db.prepare(MESSAGES.message).get({ id }) ?? {}, "item"),
  );
}

/** Throws LiveSyncError `importing` where a first import has taken the indexes of messages away. */
export function refuseDuringImport(db: Connection, what: string): void {
  if (messagesAreIndexed(db)) return;
  throw new LiveSyncError(
    "importing",
    `Cannot ${what} yet: messages are being imported`,
    "GET /api/v1/status tells how far the import is; ask again when it is done.",
  );
}

function messagesAreIndexed(db: Connection): boolean {
  return new StateStore(db).get(STATE_KEYS.deferredIndexes) === null;
}
