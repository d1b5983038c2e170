-- Looks up which chats the same messages are in, were in and what is attached to them, by the indexes that a pass uses.
SELECT count(c.source_chat) + count(r.chat_id) + count(a.guid) AS n
  FROM (
    SELECT rowid FROM (SELECT rowid FROM temp.source_message WHERE rowid > :after ORDER BY rowid LIMIT :rows + 0)
    UNION
    SELECT rowid FROM (SELECT rowid FROM temp.source_message WHERE rowid <= :after ORDER BY rowid DESC LIMIT :recent + 0)
    UNION
    SELECT value FROM json_each(:waiting)
  ) m
  LEFT JOIN temp.source_candidate c ON c.rowid = m.rowid
  LEFT JOIN temp.source_recoverable_join r ON r.message_id = m.rowid
  LEFT JOIN temp.source_message_attachment_join j ON j.message_id = m.rowid
  LEFT JOIN temp.source_attachment a ON a.rowid = j.attachment_id
