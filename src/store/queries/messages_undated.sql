-- What follows messages.sql: a chat's messages without a date, the newest of them first, below :id.
SELECT m.id,
       json_array(m.id) AS key
  FROM main.messages m INDEXED BY messages_chat
 WHERE m.chat_id = :chat
   AND m.timestamp IS NULL
   AND m.id < :id
 ORDER BY m.id DESC
 LIMIT :limit + 0
