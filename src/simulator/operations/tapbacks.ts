/** Tapbacks: adding, changing and taking away. */
import { LiveSyncError } from "../../model/errors.ts";
import { encodeAttributedBody } from "../attributed_body.ts";
import { type AppContext, chatByGuid, chatOfMessage, type ChatRow, commit } from "./context.ts";
import type { TapbackInput } from "./inputs.ts";
import { messageRow } from "./message_row.ts";
import { joinMessageRow, senderHandle } from "./messages.ts";
import type { WrittenTapback } from "./results.ts";
import { TAPBACK_CODES, tapbackTarget, tapbackText } from "./tapback_codes.ts";

/** Adds a tapback. The sender's earlier one on that part, if any, is deleted in the same commit; stickers repeat. */
export function addTapback(context: AppContext, input: TapbackInput): WrittenTapback {
  return commit(context, () => {
    const chat = chatFor(context, input);
    const isSticker = input.kind === "sticker" || input.kind === "oldSticker";
    const deleted = isSticker ? 0 : deleteEarlier(context, input, 2000, 2006);
    return { ...insertTapback(context, chat, input, false), deleted };
  });
}

/** Takes a tapback away: inserts the 300x row and deletes the earlier add row, in one commit. */
export function removeTapback(context: AppContext, input: TapbackInput): WrittenTapback {
  return commit(context, () => {
    const written = insertTapback(context, chatFor(context, input), input, true);
    const code = TAPBACK_CODES[input.kind];
    return { ...written, deleted: deleteEarlier(context, input, code, code) };
  });
}

function chatFor(context: AppContext, input: TapbackInput): ChatRow {
  const chat = input.chat === undefined
    ? chatOfMessage(context, input.target)
    : chatByGuid(context, input.chat);
  if (chat) return chat;
  throw new LiveSyncError("no_chat", `Cannot write a tapback: its target is in no chat: ${input.target}`);
}

function insertTapback(context: AppContext, chat: ChatRow, input: TapbackInput, isRemoval: boolean) {
  const guid = input.guid ?? context.random.uuid();
  const words = tapbackText(input, "…", isRemoval);
  const rowid = context.tables.insert("message", {
    ...messageRow({
      guid,
      service: chat.service,
      dateMs: input.dateMs ?? context.clock.now(),
      isFromMe: input.from === undefined,
      handle: senderHandle(context, chat, chat.service, input.from),
      text: words,
      body: encodeAttributedBody(words),
      partCount: 1,
    }, context.me),
    associated_message_guid: tapbackTarget(input),
    associated_message_type: TAPBACK_CODES[input.kind] + (isRemoval ? 1_000 : 0),
    associated_message_range_location: 0,
    associated_message_range_length: 1,
    associated_message_emoji: input.kind === "emoji" ? input.emoji ?? null : null,
  });
  if (input.joinLater) context.waitingMessages.set(guid, chat.rowid);
  else joinMessageRow(context, chat.rowid, rowid);
  return { guid, rowid };
}

/** Deletes the sender's rows on this target with a type from `lowest` to `highest`; gives how many there were. */
function deleteEarlier(context: AppContext, input: TapbackInput, lowest: number, highest: number): number {
  return context.db.prepare(
    `DELETE FROM message
      WHERE associated_message_guid = :target AND associated_message_type BETWEEN :lowest AND :highest
        AND CASE WHEN :from IS NULL THEN is_from_me = 1
                 ELSE is_from_me = 0 AND handle_id IN (SELECT ROWID FROM handle WHERE id = :from) END`,
  ).run({ target: tapbackTarget(input), lowest, highest, from: input.from ?? null }).changes;
}
