-- Chats, the newest first, and one of them as the API shows it.

-- name: chats
-- A page of chats that have a dated message, the newest first; (:date, :id) is where the page before ended.
SELECT c.id,
       json_array(c.last_message_date, c.id) AS key
  FROM main.chats c
 WHERE c.last_message_date <= :date  -- as (last_message_date, id) < (:date, :id)
   AND (c.last_message_date < :date OR c.id < :id)
   AND c.deleted_at IS NULL
 ORDER BY c.last_message_date DESC, c.id DESC
 LIMIT :limit + 0

-- name: chatsUndated
-- What follows chats.sql: chats without a dated message, the newest of them first, below :id.
SELECT c.id,
       json_array(c.id) AS key
  FROM main.chats c
 WHERE c.last_message_date IS NULL
   AND c.id < :id
   AND c.deleted_at IS NULL
 ORDER BY c.id DESC
 LIMIT :limit + 0

-- name: chat
-- One chat as the API gives it. `title` is never null: the chat's name, else who is in it, else its identifier.
-- json((SELECT …)): SQLite 3.54 takes what a scalar subquery gives for a text, not for JSON.
-- :indexed 0: there is no index yet that finds the last message.
SELECT json_object(
         'id', c.id,
         'chat_identifier', c.chat_identifier,
         'chat_name', c.chat_name,
         'title', coalesce(
           nullif(c.chat_name, ''),
           (
             SELECT group_concat(t.name, ', ') FILTER (WHERE t.place <= 4)
                      || iif(count(*) > 4, ' +' || (count(*) - 4), '')
               FROM (
                 SELECT a.name,
                        row_number() OVER (ORDER BY p.contact_id) AS place
                   FROM main.chat_participants p
                   JOIN main.contacts a ON a.id = p.contact_id
                  WHERE p.chat_id = c.id
               ) t
           ),
           c.chat_identifier
         ),
         'is_group', json(iif(c.is_group, 'true', 'false')),
         'service_name', c.service_name,
         'is_archived', json(iif(c.is_archived, 'true', 'false')),
         'created_date', c.created_date,
         'last_message_date', c.last_message_date,
         'total_messages', c.total_messages,
         'participants', json((
           SELECT json_group_array(json_object('id', a.id, 'name', a.name) ORDER BY p.contact_id)
             FROM main.chat_participants p
             JOIN main.contacts a ON a.id = p.contact_id
            WHERE p.chat_id = c.id
         )),
         'last_message', json(iif(:indexed, (
           SELECT json_object(
                    'id', m.id,
                    'guid', m.guid,
                    -- Cut where it is long; what is short goes out as it is, since substr() ends at a NUL.
                    'content', iif(octet_length(m.content) > 280, substr(m.content, 1, 280), m.content),
                    'timestamp', m.timestamp,
                    'is_from_me', json(iif(m.is_from_me, 'true', 'false')),
                    'sender_id', m.sender_id,
                    'sender_name', s.name,
                    'sender', json(iif(s.id IS NULL, 'null', json_object('id', s.id, 'name', s.name))),
                    'message_type', m.message_type,
                    'attachments', (SELECT count(*) FROM main.attachments f WHERE f.message_id = m.id),
                    'date_edited', m.date_edited,
                    'date_retracted', m.date_retracted
                  )
             FROM main.messages m
             LEFT JOIN main.contacts s ON s.id = m.sender_id
            WHERE m.chat_id = c.id
              AND m.timestamp = c.last_message_date
              AND m.deleted_at IS NULL
            ORDER BY m.id DESC
            LIMIT 1
         ), NULL))
       ) AS item
  FROM main.chats c
 WHERE c.id = :id

-- name: chatIsThere
SELECT 1 FROM main.chats c WHERE c.id = :chat
