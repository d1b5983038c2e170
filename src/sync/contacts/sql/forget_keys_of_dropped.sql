DELETE FROM main.contact_merge_rows
 WHERE merge_id = :merge
   AND table_name = :table
   AND column_name = :column
   AND dropped IS NULL
   AND row_key IN (
     SELECT d.row_key
       FROM main.contact_merge_rows d
      WHERE d.merge_id = :merge AND d.table_name = :table AND d.column_name = :column AND d.dropped IS NOT NULL
   )
