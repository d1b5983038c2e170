/**
 * What two databases must agree on to be "the same": logical content by GUID and identifier, without our own ids, times
 * of our own, and tapbacks that ended (whether one was seen before it was taken back depends on when we looked).
 */
import type { Connection, Row } from "../../src/sqlite/sqlite.ts";

const WHO =
  "(SELECT i.identifier FROM contact_identifiers i WHERE i.contact_id = c.id ORDER BY i.identifier LIMIT 1)";

const QUERIES: Readonly<Record<string, string>> = {
  messages: `
    SELECT m.guid, m.source_rowid, ch.chat_identifier, CASE WHEN c.is_me THEN 'me' ELSE ${WHO} END AS sender,
           hex(m.content) AS content, m.timestamp, m.is_from_me, m.message_type, m.service_name, m.reply_to_guid,
           m.date_read, m.date_delivered, m.date_edited, m.date_retracted, m.deleted_at, m.undecodable, m.send_error
      FROM messages m JOIN chats ch ON ch.id = m.chat_id LEFT JOIN contacts c ON c.id = m.sender_id
     ORDER BY m.guid`,
  message_edits: `
    SELECT m.guid, e.part, e.version, hex(e.content) AS content, e.edited_at
      FROM message_edits e JOIN messages m ON m.id = e.message_id
     ORDER BY 1, 2, 3`,
  reactions: `
    SELECT r.guid, r.original_message_guid, r.original_part, CASE WHEN c.is_me THEN 'me' ELSE ${WHO} END AS sender,
           r.reaction_type, r.emoji, r.timestamp, ch.chat_identifier
      FROM reactions r LEFT JOIN contacts c ON c.id = r.sender_id LEFT JOIN chats ch ON ch.id = r.chat_id
     WHERE r.removed_at IS NULL
     ORDER BY r.guid`,
  attachments: `
    SELECT a.guid, m.guid AS message, a.file_name, a.path, a.mime_type, a.uti, a.size, a.created_date, a.is_sticker,
           a.transfer_state
      FROM attachments a LEFT JOIN messages m ON m.id = a.message_id
     WHERE a.deleted_at IS NULL
     ORDER BY a.guid`,
  chats: `
    SELECT chat_identifier, chat_name, is_group, service_name, created_date, last_message_date, total_messages, deleted_at,
           is_archived
      FROM chats
     ORDER BY chat_identifier`,
  participants: `
    SELECT ch.chat_identifier, ${WHO} AS member
      FROM chat_participants p JOIN chats ch ON ch.id = p.chat_id JOIN contacts c ON c.id = p.contact_id
     ORDER BY 1, 2`,
  identifiers:
    "SELECT type, identifier, last_used, is_shared FROM contact_identifiers ORDER BY type, identifier",
  contacts: `
    SELECT (SELECT json_group_array(i.identifier ORDER BY i.identifier) FROM contact_identifiers i
             WHERE i.contact_id = c.id) AS identifiers,
           c.is_me, c.name, c.name_source, c.nickname, c.organization, c.user_name
      FROM contacts c
     WHERE c.merged_into IS NULL
     ORDER BY c.is_me, 1`,
  chat_events: `
    SELECT e.guid, ch.chat_identifier, e.kind, e.title, e.timestamp,
           (SELECT CASE WHEN c.is_me THEN 'me' ELSE ${WHO} END FROM contacts c WHERE c.id = e.actor_id) AS actor,
           (SELECT ${WHO} FROM contacts c WHERE c.id = e.member_id) AS member
      FROM chat_events e JOIN chats ch ON ch.id = e.chat_id
     ORDER BY e.guid`,
  pending: "SELECT kind, source_rowid FROM pending_rows ORDER BY kind, source_rowid",
};

const CONVERSATIONS = `
  SELECT ch.chat_identifier, v.start_time, v.end_time, v.message_count,
         CASE WHEN c.is_me THEN 'me' ELSE ${WHO} END AS initiator,
         (SELECT json_group_array(m.guid ORDER BY m.guid) FROM messages m WHERE m.conversation_id = v.id) AS members
    FROM conversations v JOIN chats ch ON ch.id = v.chat_id LEFT JOIN contacts c ON c.id = v.initiator_id
   ORDER BY ch.chat_identifier, v.start_time`;

/** `walked`: with conversations; the walk that puts them together must have come to its end. */
export function logicalContent(db: Connection, { walked = false } = {}): Record<string, Row[]> {
  const queries = walked ? { ...QUERIES, conversations: CONVERSATIONS } : QUERIES;
  return Object.fromEntries(
    Object.entries(queries).map(([name, sql]) => [name, db.prepare(sql).all().map((row) => ({ ...row }))]),
  );
}
