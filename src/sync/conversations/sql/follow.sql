-- A message that goes on with its chat's last conversation, or begins a new one.

-- name: neighbours
-- The conversations of a chat around :at: the last one that began by then, and the first one that began later.
SELECT b.id, b.end_time, a.start_time AS next_start
  FROM (SELECT 1)
  LEFT JOIN main.conversations b ON b.id = (
         SELECT c.id FROM main.conversations c
          WHERE c.chat_id = :chat AND c.start_time <= :at ORDER BY c.start_time DESC LIMIT 1
       )
  LEFT JOIN main.conversations a ON a.id = (
         SELECT c.id FROM main.conversations c
          WHERE c.chat_id = :chat AND c.start_time > :at ORDER BY c.start_time LIMIT 1
       )

-- name: goOn
UPDATE main.conversations SET end_time = max(end_time, :at), message_count = message_count + 1 WHERE id = :id

-- name: beginOne
-- One message that begins a conversation of its own.
INSERT INTO main.conversations (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
SELECT m.chat_id, m.sender_id, m.sender_identifier_id, m.timestamp, m.timestamp, 1
  FROM main.messages m
 WHERE m.id = :message
