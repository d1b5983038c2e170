-- What follows chats.sql: chats without a dated message, the newest of them first, below :id.
SELECT c.id,
       json_array(c.id) AS key
  FROM main.chats c
 WHERE c.last_message_date IS NULL
   AND c.id < :id
   AND c.deleted_at IS NULL
 ORDER BY c.id DESC
 LIMIT :limit + 0
