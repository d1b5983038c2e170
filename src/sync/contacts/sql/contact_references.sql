-- Each column with a foreign key to contacts, and the statements that move its rows. "%w" doubles quotation marks within
-- a name. A row is told by its rowid or, in a table without one, by the other columns of its primary key.
WITH reference AS (
  SELECT t.name AS "table",
         f."from" AS "column",
         t.wr AS without_rowid,
         substr(f."from", 1, length(f."from") - 3) || '_identifier_id' AS beside
    FROM pragma_table_list t
    JOIN pragma_foreign_key_list(t.name, 'main') f
   WHERE t.schema = 'main'
     AND t.type = 'table'
     AND f."table" = 'contacts' COLLATE NOCASE
     AND t.name NOT IN ('contacts', 'contact_merges', 'contact_identifiers')
), described AS (
  SELECT r.*,
         EXISTS (SELECT 1 FROM pragma_table_info(r."table", 'main') c WHERE c.name = r.beside) AS has_identifier,
         CASE WHEN r.without_rowid
           THEN (SELECT printf('json_array(%s)', group_concat(printf('"%w"', c.name), ', '))
                   FROM pragma_table_info(r."table", 'main') c WHERE c.pk > 0 AND c.name <> r."column")
           ELSE 'json_array(rowid)'
         END AS row_key,
         (SELECT group_concat(printf('"%w"', c.name), ', ') FROM pragma_table_info(r."table", 'main') c) AS columns,
         (SELECT printf('json_object(%s)', group_concat(printf('%Q, "%w"', c.name, c.name), ', '))
            FROM pragma_table_info(r."table", 'main') c) AS row_json,
         (SELECT group_concat(printf('json_extract(dropped, %Q)', printf('$."%s"', c.name)), ', ')
            FROM pragma_table_info(r."table", 'main') c) AS values_of_json
    FROM reference r
)
SELECT "table",
       "column",
       CASE WHEN "table" = 'chat_participants' THEN 'members' WHEN has_identifier THEN 'identifier' ELSE 'remembered' END
         AS kind,
       printf('UPDATE OR IGNORE main."%w" SET "%w" = :into WHERE "%w" = :from', "table", "column", "column") AS repoint,
       printf('UPDATE main."%w" SET "%w" = :from WHERE "%w" = :into AND "%w" IN (SELECT id FROM temp.split_identifier)',
              "table", "column", "column", beside) AS split,
       printf('DELETE FROM main."%w" WHERE "%w" = :from', "table", "column") AS "drop",
       printf('INSERT INTO main.contact_merge_rows (merge_id, table_name, column_name, row_key) SELECT :merge, :table, :column, %s FROM main."%w" WHERE "%w" = :from',
              row_key, "table", "column") AS remember,
       printf('INSERT INTO main.contact_merge_rows (merge_id, table_name, column_name, row_key, dropped) SELECT :merge, :table, :column, %s, %s FROM main."%w" WHERE "%w" = :from',
              row_key, row_json, "table", "column") AS remember_dropped,
       printf('UPDATE OR IGNORE main."%w" SET "%w" = :from WHERE "%w" = :into AND %s IN (SELECT row_key FROM main.contact_merge_rows WHERE merge_id = :merge AND table_name = :table AND column_name = :column AND dropped IS NULL)',
              "table", "column", "column", row_key) AS restore,
       printf('INSERT OR IGNORE INTO main."%w" (%s) SELECT %s FROM main.contact_merge_rows WHERE merge_id = :merge AND table_name = :table AND column_name = :column AND dropped IS NOT NULL',
              "table", columns, values_of_json) AS restore_dropped
  FROM described
 ORDER BY "table", "column"
