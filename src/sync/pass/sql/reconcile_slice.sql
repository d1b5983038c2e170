-- Where a slice of the walk over all rows ends: after so many messages, or, behind the last of these, after so many
-- attachments or joins of a chat with a handle. NULL: it takes all that is left.
SELECT coalesce(
  (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows),
  (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows),
  (SELECT s.rowid FROM temp.source_chat_handle_join s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows)
) AS until
