/** Lists of chats and messages as tests read them, and rows that no simulated Messages app would write. */
import { ok } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import type { Page } from "../../../src/model/page.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { listChats, listMessages } from "../../../src/store/queries/chats.ts";

export const FIRST = { limit: 200, before: null };

// What the tests compare with what they expect.
// deno-lint-ignore no-explicit-any
export type Item = any;

export function chats(db: Connection): Item[] {
  return listChats(db, FIRST).items.map((item) => JSON.parse(item));
}

export function messages(db: Connection, chat: number): Item[] {
  return listMessages(db, chat, FIRST).items.map((item) => JSON.parse(item));
}

/** Id of every item, page by page; `between` is called before each page but the first. */
export function idsOfPages(list: (before: string | null) => Page, between: () => void = () => {}): number[] {
  const ids: number[] = [];
  for (let page = list(null);; page = list(page.next)) {
    ids.push(...page.items.map((item): number => JSON.parse(item).id));
    if (page.next === null) return ids;
    ok(ids.length < 1_000, "the list does not end");
    between();
  }
}

export function refused(code: string): (error: unknown) => boolean {
  return (error) => error instanceof LiveSyncError && error.code === code;
}

export function keyOf(...values: readonly unknown[]): string {
  return new TextEncoder().encode(JSON.stringify(values)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** Rows without a source, for what Messages' dates rarely are. */
export function insertChat(db: Connection, name: string, date: number | null): number {
  return db.prepare(
    "INSERT INTO chats (chat_identifier, is_group, last_message_date) VALUES (:name, 0, :date)",
  ).run({ name, date }).lastId;
}
export function insertMessage(db: Connection, chat: number, guid: string, timestamp: number | null): number {
  return db.prepare(
    `INSERT INTO messages (guid, chat_id, sender_id, content, timestamp, is_from_me, message_type)
     VALUES (:guid, :chat, 1, :guid, :timestamp, 1, 'text')`,
  ).run({ guid, chat, timestamp }).lastId;
}
