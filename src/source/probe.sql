-- Reads of Messages' file alone, to see whether it is damaged.

-- name: attachments
-- Reads the attachments that a pass looks at, every column of each, and looks up the messages that they belong to.
SELECT count(*) AS n
  FROM (
    SELECT a.*, (SELECT min(j.message_id) FROM temp.source_message_attachment_join j WHERE j.attachment_id = a.rowid)
      FROM (SELECT * FROM temp.source_attachment WHERE rowid > :after ORDER BY rowid LIMIT :rows + 0) a
    UNION
    SELECT a.*, (SELECT min(j.message_id) FROM temp.source_message_attachment_join j WHERE j.attachment_id = a.rowid)
      FROM json_each(:waiting) w
     CROSS JOIN temp.source_attachment a ON a.rowid = w.value
  )

-- name: chats
-- Reads the people and chats: every pass looks at all of them that are new, and there are never many.
SELECT (SELECT count(*) FROM (SELECT * FROM temp.source_handle UNION SELECT * FROM temp.source_handle))
     + (SELECT count(*) FROM (SELECT * FROM temp.source_chat UNION SELECT * FROM temp.source_chat))
     + (SELECT count(*) FROM (SELECT * FROM temp.source_chat_handle_join UNION SELECT * FROM temp.source_chat_handle_join)) AS n

-- name: joins
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

-- name: messages
-- Reads the messages that a pass looks at, every column of each: UNION has to compare them. :waiting is JSON.
SELECT count(*) AS n
  FROM (
    SELECT * FROM (SELECT * FROM temp.source_message WHERE rowid > :after ORDER BY rowid LIMIT :rows + 0)
    UNION
    SELECT * FROM (SELECT * FROM temp.source_message WHERE rowid <= :after ORDER BY rowid DESC LIMIT :recent + 0)
    UNION
    SELECT m.* FROM json_each(:waiting) w CROSS JOIN temp.source_message m ON m.rowid = w.value
  )

-- name: sizes
-- What the first import begins with.
SELECT (SELECT count(*) FROM temp.source_message) + (SELECT count(*) FROM temp.source_attachment) AS n
