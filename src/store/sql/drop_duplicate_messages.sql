-- Of rows with one guid the newest of the source stays.
DELETE FROM main.messages
 WHERE id IN (
   SELECT id
     FROM (SELECT id, row_number() OVER (PARTITION BY guid ORDER BY source_rowid DESC, id DESC) AS place FROM main.messages)
    WHERE place > 1
 )
