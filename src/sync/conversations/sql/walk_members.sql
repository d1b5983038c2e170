-- What the walk comes to, chat by chat in order of time.
SELECT id, chat_id, timestamp
  FROM main.messages
 WHERE id > :after AND id <= :until AND deleted_at IS NULL AND timestamp IS NOT NULL
 ORDER BY chat_id, timestamp, id
