/** What happens to a group: rows with `item_type` 1, 2 or 3 instead of words. */
import { type AppContext, chatByGuid, commit, handleRowid } from "./context.ts";
import type { HappeningKind, NewHappening } from "./inputs.ts";
import { messageRow } from "./message_row.ts";
import { joinMessageRow } from "./messages.ts";
import type { Written } from "./results.ts";

/** [`item_type`, `group_action_type`] */
const TYPES: Readonly<Record<HappeningKind, readonly [number, number]>> = {
  memberAdded: [1, 0],
  memberRemoved: [1, 1],
  renamed: [2, 0],
  left: [3, 0],
  photoChanged: [3, 1],
  photoRemoved: [3, 2],
};

/** One commit: the row, and what it changes in the chat's members or name. */
export function addHappening(context: AppContext, input: NewHappening): Written {
  return commit(context, () => {
    const chat = chatByGuid(context, input.chat);
    const guid = input.guid ?? context.random.uuid();
    const actor = input.from === undefined ? 0 : handleRowid(context, input.from, chat.service);
    const member = input.member === undefined ? 0 : handleRowid(context, input.member, chat.service);
    const [itemType, actionType] = TYPES[input.kind];
    const rowid = context.tables.insert("message", {
      ...messageRow({
        guid,
        service: chat.service,
        dateMs: input.dateMs ?? context.clock.now(),
        isFromMe: input.from === undefined,
        handle: actor,
        text: null,
        body: null,
        partCount: 0,
      }, context.me),
      item_type: itemType,
      group_action_type: actionType,
      other_handle: member,
      group_title: input.kind === "renamed" ? input.title ?? null : null,
    });
    joinMessageRow(context, chat.rowid, rowid);
    applyToChat(context, chat.rowid, input, { actor, member });
    return { guid, rowid };
  });
}

function applyToChat(
  context: AppContext,
  chat: number,
  input: NewHappening,
  handles: { readonly actor: number; readonly member: number },
): void {
  switch (input.kind) {
    case "memberAdded":
      context.db.prepare(
        "INSERT OR IGNORE INTO chat_handle_join (chat_id, handle_id) VALUES (:chat, :handle)",
      ).run({ chat, handle: handles.member });
      return;
    case "memberRemoved":
      return leave(context, chat, handles.member);
    case "left":
      return leave(context, chat, handles.actor);
    case "renamed":
      return context.tables.update("chat", chat, { display_name: input.title ?? "" });
    case "photoChanged":
    case "photoRemoved":
      // The picture's GUID stands in a plist of the chat that we know no source for.
      return;
  }
}

function leave(context: AppContext, chat: number, handle: number): void {
  context.db.prepare("DELETE FROM chat_handle_join WHERE chat_id = :chat AND handle_id = :handle")
    .run({ chat, handle });
}
