-- Messages in the range that do not say what ours say, and all of which it takes more than one row to tell: tapbacks,
-- happenings, what was edited or unsent, what is in Recently Deleted, what waits. The rest agrees and need not go through
-- a pass, which costs more than comparing here. What stands in main.messages is made by messages.sql; a column that is
-- added there is added here.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT 'wide', c.rowid
  FROM temp.source_candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
  LEFT JOIN main.messages o ON o.source_rowid = c.rowid
  LEFT JOIN main.source_chats s ON s.source_rowid = c.source_chat
  LEFT JOIN main.chats chat ON chat.id = s.chat_id
  LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, chat.peer_identifier_id)
 WHERE c.rowid BETWEEN :first AND :last
   AND (
     c.kind <> 'message'
     OR m.date_edited IS NOT NULL
     OR m.date_retracted IS NOT NULL
     OR o.date_edited IS NOT NULL
     OR o.date_retracted IS NOT NULL
     OR o.deleted_at IS NOT NULL
     OR (
          o.guid, o.chat_id, o.sender_id, o.sender_identifier_id, o.timestamp, o.is_from_me, o.service_name,
          o.reply_to_guid, o.date_read, o.date_delivered, o.send_error
        ) IS NOT (
          m.guid, s.chat_id, CASE WHEN m.is_from_me THEN 1 ELSE i.contact_id END,
          CASE WHEN m.is_from_me THEN NULL ELSE i.id END, m.date, coalesce(m.is_from_me, 0) <> 0, m.service,
          nullif(m.thread_originator_guid, ''), m.date_read, m.date_delivered,
          CASE WHEN m.is_from_me THEN nullif(m.error, 0) END
        )
     OR o.message_type IS NOT CASE
          WHEN m.associated_message_type = 4000 THEN 'poll_vote'
          WHEN m.balloon_bundle_id GLOB '*URLBalloonProvider' THEN 'link'
          WHEN m.balloon_bundle_id <> '' THEN 'app'
          WHEN m.is_audio_message THEN 'audio'
          WHEN m.cache_has_attachments AND o.content IS NULL THEN 'attachment'
          ELSE 'text'
        END
     OR coalesce(o.content, '') IS NOT CASE
          WHEN m.text <> '' THEN replace(m.text, char(0xFFFC), '')
          WHEN length(m.attributedBody) > 0 THEN body_text(m.attributedBody)
          ELSE ''
        END
   )
