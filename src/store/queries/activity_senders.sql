-- Who sent something from :from on and before :to: one look for each sender there is, however many messages.
WITH RECURSIVE sender (id) AS (
  SELECT min(m.sender_id)
    FROM main.messages m INDEXED BY messages_sender
   WHERE m.sender_id > 0
   UNION ALL
  SELECT (
           SELECT min(m.sender_id)
             FROM main.messages m INDEXED BY messages_sender
            WHERE m.sender_id > sender.id
         )
    FROM sender
   WHERE sender.id IS NOT NULL
)
SELECT sender.id
  FROM sender
 WHERE EXISTS (
         SELECT 1
           FROM main.messages m INDEXED BY messages_sender
          WHERE m.sender_id = sender.id
            AND m.timestamp >= :from
            AND m.timestamp < :to
       )
