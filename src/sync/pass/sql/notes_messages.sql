SELECT n.id,
       n.before,
       m.chat_id,
       m.guid,
       m.timestamp,
       m.source_rowid IS NULL AND m.deleted_at IS NOT NULL AS gone,
       json_object(
         'id', m.id,
         'guid', m.guid,
         'chat_id', m.chat_id,
         'sender_id', m.sender_id,
         'sender_name', c.name,
         'content', m.content,
         'timestamp', m.timestamp,
         'is_from_me', json(iif(m.is_from_me, 'true', 'false')),
         'message_type', m.message_type,
         'service_name', m.service_name,
         'reply_to_guid', m.reply_to_guid,
         'conversation_id', m.conversation_id,
         'date_read', m.date_read,
         'date_delivered', m.date_delivered,
         'date_edited', m.date_edited,
         'date_retracted', m.date_retracted,
         'deleted_at', m.deleted_at,
         'send_error', m.send_error
       ) AS now
  FROM temp.note n
 CROSS JOIN main.messages m ON m.id = n.id
  LEFT JOIN main.contacts c ON c.id = m.sender_id
 WHERE n.kind = 'message'
 ORDER BY n.seq
