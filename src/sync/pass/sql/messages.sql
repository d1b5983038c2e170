-- The one statement for import, catch-up and live: only the set of candidates differs.
-- macOS 26 tells of an unsend in message_summary_info alone; it came with the last change then.
-- LIMIT -1 keeps SQLite from flattening the inner query, which would decode every body twice.
INSERT INTO main.messages (
  guid, source_rowid, chat_id, sender_id, sender_identifier_id, content, timestamp, is_from_me, message_type,
  service_name, reply_to_guid, date_read, date_delivered, date_edited, date_retracted, deleted_at, undecodable, send_error
)
SELECT guid,
       rowid,
       chat_id,
       CASE WHEN is_from_me THEN 1 ELSE contact_id END,
       CASE WHEN is_from_me THEN NULL ELSE identifier_id END,
       nullif(content, ''),
       timestamp,
       is_from_me,
       CASE
         WHEN associated_message_type = 4000 THEN 'poll_vote'
         WHEN balloon_bundle_id GLOB '*URLBalloonProvider' THEN 'link'
         WHEN balloon_bundle_id <> '' THEN 'app'
         WHEN is_audio_message THEN 'audio'
         WHEN cache_has_attachments AND content = '' THEN 'attachment'
         ELSE 'text'
       END,
       service,
       nullif(thread_originator_guid, ''),
       date_read,
       date_delivered,
       date_edited,
       date_retracted,
       deleted_at,
       content IS NULL,
       CASE WHEN is_from_me THEN nullif(error, 0) END
  FROM (
    SELECT m.guid,
           c.rowid AS rowid,
           s.chat_id,
           i.contact_id,
           i.id AS identifier_id,
           CASE
             WHEN m.text <> '' THEN replace(m.text, char(0xFFFC), '')
             WHEN length(m.attributedBody) > 0 THEN body_text(m.attributedBody)
             ELSE ''
           END AS content,
           m.date AS timestamp,
           coalesce(m.is_from_me, 0) <> 0 AS is_from_me,
           m.associated_message_type,
           m.balloon_bundle_id,
           m.is_audio_message,
           m.cache_has_attachments,
           m.service,
           m.thread_originator_guid,
           m.date_read,
           m.date_delivered,
           m.date_edited,
           coalesce(
             m.date_retracted,
             CASE WHEN m.date_edited IS NOT NULL AND tells_unsend(m.message_summary_info) THEN m.date_edited END
           ) AS date_retracted,
           m.error,
           c.deleted_at
      FROM temp.candidate c
     CROSS JOIN temp.source_message m ON m.rowid = c.rowid
     CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
     CROSS JOIN main.chats o ON o.id = s.chat_id
      LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
      LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, o.peer_identifier_id)
     WHERE c.kind = 'message'
     LIMIT -1
  )
 WHERE true
ON CONFLICT DO UPDATE
   SET source_rowid = excluded.source_rowid,
       chat_id = excluded.chat_id,
       sender_id = excluded.sender_id,
       sender_identifier_id = excluded.sender_identifier_id,
       content = excluded.content,
       timestamp = excluded.timestamp,
       is_from_me = excluded.is_from_me,
       message_type = excluded.message_type,
       service_name = excluded.service_name,
       reply_to_guid = excluded.reply_to_guid,
       date_read = excluded.date_read,
       date_delivered = excluded.date_delivered,
       date_edited = excluded.date_edited,
       date_retracted = excluded.date_retracted,
       deleted_at = excluded.deleted_at,
       undecodable = excluded.undecodable,
       send_error = excluded.send_error
 WHERE (
         source_rowid, chat_id, sender_id, sender_identifier_id, content, timestamp, is_from_me, message_type,
         service_name, reply_to_guid, date_read, date_delivered, date_edited, date_retracted, deleted_at, undecodable,
         send_error
       ) IS NOT (
         excluded.source_rowid, excluded.chat_id, excluded.sender_id, excluded.sender_identifier_id,
         excluded.content, excluded.timestamp, excluded.is_from_me, excluded.message_type, excluded.service_name,
         excluded.reply_to_guid, excluded.date_read, excluded.date_delivered, excluded.date_edited,
         excluded.date_retracted, excluded.deleted_at, excluded.undecodable, excluded.send_error
       )
