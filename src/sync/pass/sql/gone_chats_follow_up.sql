-- What is in a chat of ours and stood in one of Messages' that is gone may be in another one: messages, happenings, and
-- tapbacks, which are found by their messages.
INSERT OR IGNORE INTO main.follow_ups (source_rowid)
WITH left_chat AS MATERIALIZED (
  SELECT DISTINCT s.chat_id
    FROM temp.gone g
   CROSS JOIN main.source_chats s ON s.source_rowid = g.id
   WHERE g.kind = 'chat'
)
SELECT m.source_rowid
  FROM left_chat l
 CROSS JOIN main.messages m ON m.chat_id = l.chat_id
 WHERE m.source_rowid IS NOT NULL
UNION ALL
SELECT e.source_rowid
  FROM left_chat l
 CROSS JOIN main.chat_events e ON e.chat_id = l.chat_id
 WHERE e.source_rowid IS NOT NULL
UNION ALL
SELECT r.source_rowid
  FROM left_chat l
 CROSS JOIN main.messages m ON m.chat_id = l.chat_id
 CROSS JOIN main.reactions r ON r.original_message_guid = m.guid
 WHERE r.source_rowid IS NOT NULL
   AND r.chat_id = l.chat_id
