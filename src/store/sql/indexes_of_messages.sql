-- Those worth deferring: the partial ones hold few rows and answer `status` during the import.
SELECT name, sql
  FROM main.sqlite_schema
 WHERE type = 'index'
   AND tbl_name = 'messages'
   AND sql IS NOT NULL
   AND sql NOT LIKE '% WHERE %'
 ORDER BY rowid
