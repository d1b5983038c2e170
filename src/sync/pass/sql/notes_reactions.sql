-- In the order in which a client has to hear it: per sender and part, what ended before what began.
SELECT n.id,
       n.before,
       r.chat_id,
       json_object(
         'id', r.id,
         'guid', r.guid,
         'original_message_guid', r.original_message_guid,
         'original_part', r.original_part,
         'chat_id', r.chat_id,
         'sender_id', r.sender_id,
         'sender_name', c.name,
         'reaction_type', r.reaction_type,
         'emoji', r.emoji,
         'timestamp', r.timestamp,
         'removed_at', r.removed_at
       ) AS now
  FROM temp.note n
 CROSS JOIN main.reactions r ON r.id = n.id
  LEFT JOIN main.contacts c ON c.id = r.sender_id
 WHERE n.kind = 'reaction'
 ORDER BY n.before IS NULL, coalesce(r.timestamp, 0), r.source_rowid
