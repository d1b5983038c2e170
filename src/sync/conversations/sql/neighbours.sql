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
