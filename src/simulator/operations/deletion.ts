/** Deleting messages: into Recently Deleted, back from there, and away for good. */
import { appleDate } from "../apple_date.ts";
import { type AppContext, commit, requireRelease, rowidOf } from "./context.ts";
import type { MessageMoment } from "./inputs.ts";
import type { Written } from "./results.ts";

/** Moves the message from its chats to chat_recoverable_message_join. Throws before macOS 13: there it is `deleteForGood`. */
export function deleteMessage(context: AppContext, input: MessageMoment): Written {
  requireRelease(context, "macos13", "move to Recently Deleted");
  return commit(context, () => {
    const message = rowidOf(context, "message", input.guid);
    // In this order: a trigger deletes a message that stands in neither table.
    context.db.prepare(
      `INSERT INTO chat_recoverable_message_join (chat_id, message_id, delete_date)
       SELECT chat_id, message_id, :deleted FROM chat_message_join WHERE message_id = :message`,
    ).run({ message, deleted: appleDate(input.dateMs ?? context.clock.now()) });
    context.db.prepare("DELETE FROM chat_message_join WHERE message_id = :message").run({ message });
    return { guid: input.guid, rowid: message };
  });
}

/** Moves the message back into its chats. Throws before macOS 13. */
export function recoverMessage(context: AppContext, input: MessageMoment): Written {
  requireRelease(context, "macos13", "recover from Recently Deleted");
  return commit(context, () => {
    const message = rowidOf(context, "message", input.guid);
    context.db.prepare(
      `INSERT INTO chat_message_join (chat_id, message_id, message_date)
       SELECT j.chat_id, j.message_id, m.date
         FROM chat_recoverable_message_join j JOIN message m ON m.ROWID = j.message_id
        WHERE j.message_id = :message`,
    ).run({ message });
    context.db.prepare("DELETE FROM chat_recoverable_message_join WHERE message_id = :message")
      .run({ message });
    context.tables.update("message", message, {
      date_recovered: appleDate(input.dateMs ?? context.clock.now()),
    });
    return { guid: input.guid, rowid: message };
  });
}

/** Deletes the row; triggers note its GUID in deleted_messages and take its attachments away. */
export function deleteForGood(context: AppContext, input: MessageMoment): Written {
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    context.db.prepare("DELETE FROM message WHERE ROWID = :rowid").run({ rowid });
    return { guid: input.guid, rowid };
  });
}
