-- The unique one last: should it find duplicates, their counters are mended with the help of the others.
-- Those worth deferring: the partial ones hold few rows and answer `status` during the import.
SELECT name, sql
  FROM main.sqlite_schema
 WHERE type = 'index'
   AND tbl_name = 'messages'
   AND sql IS NOT NULL
   AND sql NOT LIKE '% WHERE %'
 ORDER BY sql LIKE 'CREATE UNIQUE %', rowid
