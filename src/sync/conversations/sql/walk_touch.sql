-- What the walk comes to is new to conversations as a message is that has just come.
INSERT INTO temp.conversation_touch (message_id, chat_id, timestamp, fresh)
SELECT id, chat_id, timestamp, 1
  FROM main.messages
 WHERE id > :after AND id <= :until AND deleted_at IS NULL AND timestamp IS NOT NULL
