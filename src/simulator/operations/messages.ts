/** Ordinary messages and their join rows. */
import { encodeAttributedBody } from "../attributed_body.ts";
import { appleDate } from "../apple_date.ts";
import { insertAttachment, joinAttachmentRow } from "./attachments.ts";
import { type AppContext, chatByGuid, type ChatRow, commit, handleRowid, rowidOf } from "./context.ts";
import type { ColumnChange, Join, NewAttachment, NewMessage } from "./inputs.ts";
import { messageRow } from "./message_row.ts";
import type { Written, WrittenMessage } from "./results.ts";
import { LiveSyncError } from "../../model/errors.ts";

const PLACEHOLDER = "\uFFFC";

/** One commit: the message, its join row and its attachments, but for what the input leaves for later. */
export function addMessage(context: AppContext, input: NewMessage): WrittenMessage {
  return commit(context, () => {
    const chat = chatByGuid(context, input.chat);
    const guid = input.guid ?? context.random.uuid();
    const dateMs = input.dateMs ?? context.clock.now();
    const attachments = (input.attachments ?? []).map((attachment) => ({
      ...attachment,
      guid: attachment.guid ?? context.random.uuid(),
    }));
    const words = withPlaceholders(input.text ?? "", attachments);
    const storage = input.storage ?? "body";
    const service = input.service ?? chat.service;
    const columns = {
      ...messageRow({
        guid,
        service,
        dateMs,
        dateUnit: input.dateUnit ?? "ns",
        isFromMe: input.from === undefined,
        handle: senderHandle(context, chat, service, input.from),
        text: storage === "body" || words === "" ? null : words,
        body: storage === "text" || words === ""
          ? null
          : encodeAttributedBody(words, { attachmentGuids: attachments.map((each) => each.guid) }),
        partCount: attachments.length + (words.replaceAll(PLACEHOLDER, "") === "" ? 0 : 1),
      }, context.me),
      subject: input.subject ?? null,
      thread_originator_guid: input.replyTo ?? null,
      thread_originator_part: input.replyTo === undefined ? null : input.replyToPart ?? "0:0:1",
      cache_has_attachments: attachments.length > 0 ? 1 : 0,
      ...input.columns,
    };
    context.tables.assertHas("message", input.columns ?? {});
    const rowid = context.tables.insert("message", columns);
    if (input.joinLater) context.waitingMessages.set(guid, chat.rowid);
    else joinMessageRow(context, chat.rowid, rowid);
    return {
      guid,
      rowid,
      attachments: attachments.map((each) =>
        addAttachment(context, rowid, dateMs, input.from === undefined, each)
      ),
    };
  });
}

/** The chat_message_join row of a message that was written without one, or one more of a message in several chats. */
export function joinMessage(context: AppContext, input: Join): Written {
  return commit(context, () => {
    const chat = input.chat === undefined
      ? context.waitingMessages.get(input.guid)
      : chatByGuid(context, input.chat).rowid;
    if (chat === undefined) {
      throw new LiveSyncError("no_chat", `Cannot join a message: no chat was named for it: ${input.guid}`);
    }
    const rowid = rowidOf(context, "message", input.guid);
    joinMessageRow(context, chat, rowid);
    context.waitingMessages.delete(input.guid);
    return { guid: input.guid, rowid };
  });
}

/** Sets any columns of a message, such as an `is_from_me` that comes after the row. */
export function changeColumns(context: AppContext, input: ColumnChange): Written {
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    context.tables.assertHas("message", input.columns);
    context.tables.update("message", rowid, input.columns);
    return { guid: input.guid, rowid };
  });
}

/** ROWID for `handle_id`: the sender; on own rows the other person of a 1:1 chat, and 0 in groups. */
export function senderHandle(
  context: AppContext,
  chat: ChatRow,
  service: string,
  from: string | undefined,
): number {
  if (from !== undefined) return handleRowid(context, from, service);
  return chat.isGroup ? 0 : handleRowid(context, chat.identifier, service);
}

/** The join row carries the message's date once more, in the same unit. */
export function joinMessageRow(context: AppContext, chat: number, message: number): void {
  context.db.prepare(
    `INSERT INTO chat_message_join (chat_id, message_id, message_date)
     SELECT :chat, ROWID, date FROM message WHERE ROWID = :message`,
  ).run({ chat, message });
}

function withPlaceholders(text: string, attachments: readonly NewAttachment[]): string {
  return text.includes(PLACEHOLDER) ? text : PLACEHOLDER.repeat(attachments.length) + text;
}

function addAttachment(
  context: AppContext,
  message: number,
  dateMs: number,
  isOutgoing: boolean,
  input: NewAttachment & { guid: string },
): Written {
  if (input.rowLater) return { guid: input.guid, rowid: 0 };
  const rowid = insertAttachment(context, input, dateMs, isOutgoing);
  if (input.joinLater) context.waitingAttachments.set(input.guid, message);
  else joinAttachmentRow(context, message, rowid);
  return { guid: input.guid, rowid };
}

/** A read or delivery mark, on the date column and its flag. */
export function mark(
  context: AppContext,
  guid: string,
  what: "read" | "delivered",
  dateMs: number = context.clock.now(),
): Written {
  return commit(context, () => {
    const rowid = rowidOf(context, "message", guid);
    context.tables.update("message", rowid, { [`date_${what}`]: appleDate(dateMs), [`is_${what}`]: 1 });
    return { guid, rowid };
  });
}
