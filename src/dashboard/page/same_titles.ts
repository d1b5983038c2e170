/** Chats that are called alike, and what tells them apart: pure. */
import type { ChatItem } from "./wire.ts";

type Called = Pick<ChatItem, "title" | "is_group" | "chat_identifier" | "participants">;

/** The titles that more than one of these chats has. */
export function sharedTitles(chats: readonly Called[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { title } of chats) (seen.has(title) ? shared : seen).add(title);
  return shared;
}

/** The address that a chat of two goes to; of a group who is in it, as its identifier tells nobody anything. */
export function apart(chat: Called): string {
  return chat.is_group ? chat.participants.map(({ name }) => name).join(", ") : chat.chat_identifier;
}
