/** Names for the ids in events, read from the demo's own database, as a client would over HTTP. */
import type { SentFile } from "../../model/event_words.ts";
import { integer, textOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";

export class DemoLabels {
  constructor(private readonly database: Connection) {}

  /** A group without a name is told by its size. */
  chat(id: number): string {
    const row = this.database.prepare(`
      SELECT coalesce(chat_name, CASE WHEN is_group THEN NULL ELSE chat_identifier END) AS title,
             (SELECT count(*) FROM chat_participants WHERE chat_id = chats.id) AS members
        FROM chats WHERE id = :id`).get({ id });
    if (!row) return "";
    return textOrNull(row, "title") ?? `group of ${integer(row, "members") + 1}`;
  }

  chatOfMessage(messageId: number): number | null {
    const row = this.database.prepare("SELECT chat_id FROM messages WHERE id = :id").get({ id: messageId });
    return row ? integer(row, "chat_id") : null;
  }

  filesOf(messageId: number): (SentFile & { readonly id: number })[] {
    return this.database.prepare(
      "SELECT id, file_name, mime_type FROM attachments WHERE message_id = :id ORDER BY id",
    ).all({ id: messageId }).map((row) => ({
      id: integer(row, "id"),
      file_name: textOrNull(row, "file_name"),
      mime_type: textOrNull(row, "mime_type"),
    }));
  }

  /** What the contact is called now; one that was merged away, what it was called before. */
  contact(id: number): string {
    const row = this.database.prepare("SELECT name FROM contacts WHERE id = :id").get({ id });
    return row ? textOrNull(row, "name") ?? "" : "";
  }

  textOf(guid: string): string | null {
    const row = this.database.prepare("SELECT content FROM messages WHERE guid = :guid").get({ guid });
    return row ? textOrNull(row, "content") : null;
  }
}
