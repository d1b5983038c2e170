-- Of rows with one guid the one that was read last stays.
DELETE FROM main.messages
 WHERE id IN (
   SELECT id
     FROM (SELECT id, row_number() OVER (PARTITION BY guid ORDER BY id DESC) AS place FROM main.messages)
    WHERE place > 1
 )
