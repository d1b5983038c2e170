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
