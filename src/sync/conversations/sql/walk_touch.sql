-- Of what the walk comes to, the messages of a chat that can't be appended: new to conversations as a message is that has
-- just come.
INSERT INTO temp.conversation_touch (message_id, chat_id, timestamp, fresh)
SELECT id, chat_id, timestamp, 1
  FROM main.messages
 WHERE id > :after AND id <= :until AND chat_id = :chat AND deleted_at IS NULL AND timestamp IS NOT NULL
