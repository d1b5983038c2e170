-- Indexes that an import builds at its end.

-- name: deferrable
-- What is worth deferring: the full indexes of `messages` and the trigger that counts each insert. The partial indexes
-- hold few rows and answer `status` during the import. The unique index comes last: should it find duplicates, the
-- others help to take them away.
SELECT type, name, sql
  FROM main.sqlite_schema
 WHERE tbl_name = 'messages'
   AND (
     (type = 'index' AND sql IS NOT NULL AND sql NOT LIKE '% WHERE %')
     OR name = 'messages_insert_counts'
   )
 ORDER BY type, sql LIKE 'CREATE UNIQUE %', rowid

-- name: dropDuplicateMessages
-- Of rows with one guid the one that was read last stays.
DELETE FROM main.messages
 WHERE id IN (
   SELECT id
     FROM (SELECT id, row_number() OVER (PARTITION BY guid ORDER BY id DESC) AS place FROM main.messages)
    WHERE place > 1
 )
