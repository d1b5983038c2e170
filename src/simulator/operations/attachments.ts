/** Attachments: their rows, which may be joined and filled in later. */
import { LiveSyncError } from "../../model/errors.ts";
import { integer } from "../../sqlite/row.ts";
import { appleDate } from "../apple_date.ts";
import { type AppContext, commit, rowidOf } from "./context.ts";
import type { Attach, AttachmentRef, AttachmentUpdate, NewAttachment } from "./inputs.ts";
import type { Written } from "./results.ts";

/** An attachment of a message that is there already; its body, if it should name it, was written with it. */
export function attach(context: AppContext, input: Attach): Written {
  return commit(context, () => {
    const message = rowidOf(context, "message", input.message);
    const guid = input.guid ?? context.random.uuid();
    const dateMs = input.dateMs ?? context.clock.now();
    const rowid = insertAttachment(context, { ...input, guid }, dateMs, isFromMe(context, message));
    if (input.joinLater) context.waitingAttachments.set(guid, message);
    else joinAttachmentRow(context, message, rowid);
    return { guid, rowid };
  });
}

/** Writes the message_attachment_join row that `joinLater` left out. */
export function joinAttachment(context: AppContext, input: AttachmentRef): Written {
  return commit(context, () => {
    const message = context.waitingAttachments.get(input.guid);
    if (message === undefined) {
      throw new LiveSyncError(
        "no_message",
        `Cannot join an attachment: no message waits for it: ${input.guid}`,
      );
    }
    const rowid = rowidOf(context, "attachment", input.guid);
    joinAttachmentRow(context, message, rowid);
    context.waitingAttachments.delete(input.guid);
    return { guid: input.guid, rowid };
  });
}

/** The transfer goes on: by default it is done (`transfer_state` 5). */
export function updateAttachment(context: AppContext, input: AttachmentUpdate): Written {
  return commit(context, () => {
    const rowid = rowidOf(context, "attachment", input.guid);
    context.tables.update("attachment", rowid, {
      transfer_state: input.transferState ?? 5,
      ...(input.filename === undefined ? {} : { filename: input.filename }),
      ...(input.bytes === undefined ? {} : { total_bytes: input.bytes }),
    });
    return { guid: input.guid, rowid };
  });
}

export function insertAttachment(
  context: AppContext,
  input: NewAttachment & { readonly guid: string },
  dateMs: number,
  isOutgoing: boolean,
): number {
  return context.tables.insert("attachment", {
    guid: input.guid,
    original_guid: input.guid,
    // Seconds, unlike the dates of messages.
    created_date: appleDate(dateMs, "s"),
    start_date: 0,
    filename: input.filename ?? null,
    uti: input.uti ?? null,
    mime_type: input.mimeType ?? null,
    transfer_state: input.transferState ?? (input.filename === undefined ? 0 : 5),
    is_outgoing: isOutgoing ? 1 : 0,
    transfer_name: input.name,
    ...(input.bytes === undefined ? {} : { total_bytes: input.bytes }),
    is_sticker: input.isSticker ? 1 : 0,
    hide_attachment: 0,
  });
}

export function joinAttachmentRow(context: AppContext, message: number, attachment: number): void {
  context.db.prepare(
    "INSERT INTO message_attachment_join (message_id, attachment_id) VALUES (:message, :attachment)",
  ).run({ message, attachment });
}

function isFromMe(context: AppContext, message: number): boolean {
  const row = context.db.prepare("SELECT is_from_me FROM message WHERE ROWID = :message").get({ message });
  return row !== undefined && integer(row, "is_from_me") === 1;
}
