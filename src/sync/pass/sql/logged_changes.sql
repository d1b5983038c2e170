-- What a transaction changed in our tables, as the change log has it: before and now.

-- name: contacts
SELECT n.id,
       n.before,
       json_object('name', c.name, 'nickname', c.nickname, 'organization', c.organization) AS now,
       coalesce(
         (SELECT json_group_array(i.identifier) FROM main.contact_identifiers i WHERE i.contact_id = c.id), '[]'
       ) AS identifiers,
       coalesce(
         (SELECT json_group_array(p.chat_id) FROM main.chat_participants p WHERE p.contact_id = c.id), '[]'
       ) AS chats
  FROM temp.logged_change n
 CROSS JOIN main.contacts c ON c.id = n.id
 WHERE n.kind = 'contact'
 ORDER BY n.seq

-- name: chats
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
  FROM temp.logged_change n
 CROSS JOIN main.chats c ON c.id = n.id
 WHERE n.kind = 'chat'
 ORDER BY n.seq

-- name: participants
SELECT n.id AS chat_id,
       n.other_id AS contact_id,
       n.before IS NOT NULL AS was_in,
       EXISTS (SELECT 1 FROM main.chat_participants p WHERE p.chat_id = n.id AND p.contact_id = n.other_id) AS is_in
  FROM temp.logged_change n
 WHERE n.kind = 'participant'
   AND NOT EXISTS (SELECT 1 FROM temp.logged_change c WHERE c.kind = 'chat' AND c.id = n.id AND c.before IS NULL)
 ORDER BY n.seq

-- name: messages
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
  FROM temp.logged_change n
 CROSS JOIN main.messages m ON m.id = n.id
  LEFT JOIN main.contacts c ON c.id = m.sender_id
 WHERE n.kind = 'message'
 ORDER BY n.seq

-- name: reactions
-- In the order in which a client has to hear it: per sender and part, what ended before what began.
SELECT n.id,
       n.before,
       r.chat_id,
       m.id AS message_id,
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
  FROM temp.logged_change n
 CROSS JOIN main.reactions r ON r.id = n.id
  LEFT JOIN main.contacts c ON c.id = r.sender_id
  LEFT JOIN main.messages m ON m.guid = r.original_message_guid
 WHERE n.kind = 'reaction'
 ORDER BY n.before IS NULL, coalesce(r.timestamp, 0), r.source_rowid

-- name: attachments
SELECT n.id,
       n.before,
       m.chat_id,
       a.message_id,
       json_object(
         'id', a.id,
         'guid', a.guid,
         'message_id', a.message_id,
         'file_name', a.file_name,
         'path', a.path,
         'mime_type', a.mime_type,
         'uti', a.uti,
         'size', a.size,
         'created_date', a.created_date,
         'is_sticker', json(iif(a.is_sticker, 'true', 'false')),
         'transfer_state', a.transfer_state,
         'deleted_at', a.deleted_at
       ) AS now
  FROM temp.logged_change n
 CROSS JOIN main.attachments a ON a.id = n.id
  LEFT JOIN main.messages m ON m.id = a.message_id
 WHERE n.kind = 'attachment'
 ORDER BY n.seq
