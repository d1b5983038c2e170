-- The walk that puts the conversations of an import together.

-- name: members
-- What the walk comes to, chat by chat in order of time.
SELECT id, chat_id, timestamp
  FROM main.messages
 WHERE id > :after AND id <= :until AND deleted_at IS NULL AND timestamp IS NOT NULL
 ORDER BY chat_id, timestamp, id

-- name: next
-- The next messages that the walk comes to, at most :limit, and the last of them.
SELECT count(*) AS n, max(id) AS last FROM (SELECT id FROM main.messages WHERE id > :after ORDER BY id LIMIT :limit + 0)

-- name: touch
-- Of what the walk comes to, the messages of a chat that can't be appended: new to conversations as a message is that has
-- just come.
INSERT INTO temp.conversation_touch (message_id, chat_id, timestamp, fresh)
SELECT id, chat_id, timestamp, 1
  FROM main.messages
 WHERE id > :after AND id <= :until AND chat_id = :chat AND deleted_at IS NULL AND timestamp IS NOT NULL

-- name: lastOfChat
SELECT c.id, c.start_time, c.end_time FROM main.conversations c WHERE c.chat_id = :chat ORDER BY c.start_time DESC LIMIT 1

-- name: beginRun
-- A conversation that begins with a message, with as many as come after it without a gap.
INSERT INTO main.conversations (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
SELECT m.chat_id, m.sender_id, m.sender_identifier_id, m.timestamp, :end, :count
  FROM main.messages m
 WHERE m.id = :message

-- name: goOnRun
UPDATE main.conversations SET end_time = max(end_time, :end), message_count = message_count + :count WHERE id = :id

-- name: forgetConversations
DELETE FROM main.conversations WHERE id IN (SELECT c.id FROM main.conversations c ORDER BY c.id LIMIT :limit + 0)

-- name: forgetMessages
UPDATE main.messages
   SET conversation_id = NULL
 WHERE id IN (SELECT m.id FROM main.messages m WHERE m.conversation_id IS NOT NULL LIMIT :limit + 0)
