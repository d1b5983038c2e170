-- A page of chats that have a dated message, the newest first; (:date, :id) is where the page before ended.
SELECT c.id,
       json_array(c.last_message_date, c.id) AS key
  FROM main.chats c
 WHERE c.last_message_date <= :date  -- as (last_message_date, id) < (:date, :id)
   AND (c.last_message_date < :date OR c.id < :id)
   AND c.deleted_at IS NULL
 ORDER BY c.last_message_date DESC, c.id DESC
 LIMIT :limit + 0
