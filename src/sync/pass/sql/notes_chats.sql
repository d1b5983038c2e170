SELECT n.id,
       n.before,
       json_object(
         'id', c.id,
         'chat_identifier', c.chat_identifier,
         'chat_name', c.chat_name,
         'is_group', json(iif(c.is_group, 'true', 'false')),
         'service_name', c.service_name,
         'created_date', c.created_date,
         'last_message_date', c.last_message_date,
         'total_messages', c.total_messages,
         'is_archived', json(iif(c.is_archived, 'true', 'false')),
         'deleted_at', c.deleted_at,
         'participants', json(coalesce(
           (SELECT json_group_array(p.contact_id) FROM main.chat_participants p WHERE p.chat_id = c.id), '[]'
         ))
       ) AS now
  FROM temp.note n
 CROSS JOIN main.chats c ON c.id = n.id
 WHERE n.kind = 'chat'
 ORDER BY n.seq
