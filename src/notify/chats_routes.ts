/** `/api/v1/chats…`: chats, and the messages of one. */
import type { ListAsk, Page } from "../model/page.ts";
import { listAsk } from "./list_ask.ts";
import { pageAnswer } from "./page_answer.ts";
import type { Route } from "./route.ts";

/** Items are JSON texts. */
export interface ChatsPort {
  /** Throws LiveSyncError `bad_request` where `before` is none; so does `messages`. */
  list(ask: ListAsk): Page;
  /** Throws LiveSyncError `not_found`, `importing`. */
  messages(chatId: number, ask: ListAsk): Page;
}

export function chatsRoutes(chats: ChatsPort): readonly Route[] {
  return [
    {
      method: "GET",
      path: /^\/api\/v1\/chats$/,
      answer: ({ query }) => pageAnswer(chats.list(listAsk(query))),
    },
    {
      method: "GET",
      path: /^\/api\/v1\/chats\/(?<id>[1-9]\d{0,14})\/messages$/,
      answer: ({ query, id }) => pageAnswer(chats.messages(id, listAsk(query))),
    },
  ];
}
