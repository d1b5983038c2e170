-- Tapbacks and removals whose message is here, with their sender. During the import (:indexed = 0) there is no index to
-- look the message up by: all that have a chat are taken, and import_orphans.sql puts back those without a message.
INSERT INTO temp.tapback (
  rowid, kind, guid, target_guid, target_part, chat_id, sender_id, sender_identifier_id, reaction_type, emoji, timestamp
)
SELECT x.rowid,
       x.kind,
       m.guid,
       x.target_guid,
       x.target_part,
       x.chat_id,
       CASE WHEN m.is_from_me THEN 1 ELSE i.contact_id END,
       CASE WHEN m.is_from_me THEN NULL ELSE i.id END,
       reaction_type(m.associated_message_type - iif(x.kind = 'removal', 1000, 0)),
       CASE WHEN m.associated_message_type = 2006 THEN m.associated_message_emoji END,
       m.date
  FROM (
    SELECT c.rowid,
           c.kind,
           c.target_guid,
           c.target_part,
           coalesce(
             s.chat_id,
             CASE WHEN :indexed THEN (SELECT t.chat_id FROM main.messages t WHERE t.guid = c.target_guid) END
           ) AS chat_id
      FROM temp.candidate c
      LEFT JOIN main.source_chats s ON s.source_rowid = c.source_chat
     WHERE c.kind IN ('reaction', 'removal')
       AND CASE
             WHEN :indexed THEN EXISTS (SELECT 1 FROM main.messages t WHERE t.guid = c.target_guid)
             ELSE c.target_guid IS NOT NULL AND s.chat_id IS NOT NULL
           END
     LIMIT -1
  ) x
 CROSS JOIN temp.source_message m ON m.rowid = x.rowid
  LEFT JOIN main.chats o ON o.id = x.chat_id
  LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, o.peer_identifier_id)
