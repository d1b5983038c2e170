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
