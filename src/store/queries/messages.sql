-- Messages of a chat, the newest first, and one of them as the API shows it.

-- name: messages
-- A page of a chat's messages that have a date, the newest first; (:date, :id) is where the page before ended. While a
-- first import builds that index, this fails instead of reading every message there is.
SELECT m.id,
       json_array(m.timestamp, m.id) AS key
  FROM main.messages m INDEXED BY messages_chat
 WHERE m.chat_id = :chat
   AND m.timestamp <= :date  -- as (timestamp, id) < (:date, :id)
   AND (m.timestamp < :date OR m.id < :id)
 ORDER BY m.timestamp DESC, m.id DESC
 LIMIT :limit + 0

-- name: messagesUndated
-- What follows messages.sql: a chat's messages without a date, the newest of them first, below :id.
SELECT m.id,
       json_array(m.id) AS key
  FROM main.messages m INDEXED BY messages_chat
 WHERE m.chat_id = :chat
   AND m.timestamp IS NULL
   AND m.id < :id
 ORDER BY m.id DESC
 LIMIT :limit + 0

-- name: message
-- One message as the API gives it: what message.created tells, with what belongs to it.
-- json((SELECT …)): SQLite 3.54 takes what a scalar subquery gives for a text, not for JSON.
SELECT json_object(
         'id', m.id,
         'guid', m.guid,
         'chat_id', m.chat_id,
         'sender_id', m.sender_id,
         'sender_name', s.name,
         'sender', json(iif(s.id IS NULL, 'null', json_object('id', s.id, 'name', s.name))),
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
         'send_error', m.send_error,
         'reactions', json((
           SELECT json_group_array(
                    json_object(
                      'id', r.id,
                      'guid', r.guid,
                      'original_part', r.original_part,
                      'sender_id', r.sender_id,
                      'sender_name', a.name,
                      'reaction_type', r.reaction_type,
                      'emoji', r.emoji,
                      'timestamp', r.timestamp
                    ) ORDER BY r.timestamp, r.id
                  )
             FROM main.reactions r
             LEFT JOIN main.contacts a ON a.id = r.sender_id
            WHERE r.original_message_guid = m.guid
              AND r.removed_at IS NULL
         )),
         'attachments', json((
           SELECT json_group_array(
                    json_object(
                      'id', f.id,
                      'guid', f.guid,
                      'file_name', f.file_name,
                      'path', f.path,
                      'mime_type', f.mime_type,
                      'uti', f.uti,
                      'size', f.size,
                      'created_date', f.created_date,
                      'is_sticker', json(iif(f.is_sticker, 'true', 'false')),
                      'transfer_state', f.transfer_state,
                      'deleted_at', f.deleted_at
                    ) ORDER BY f.id
                  )
             FROM main.attachments f
            WHERE f.message_id = m.id
         )),
         'edits', json((
           SELECT json_group_array(
                    json_object(
                      'part', e.part,
                      'version', e.version,
                      'content', e.content,
                      'edited_at', e.edited_at
                    ) ORDER BY e.part, e.version
                  )
             FROM main.message_edits e
            WHERE e.message_id = m.id
         ))
       ) AS item
  FROM main.messages m
  LEFT JOIN main.contacts s ON s.id = m.sender_id
 WHERE m.id = :id
