-- Whether one of these pages is the root of a table that is followed: it has no rows then.
SELECT 1 AS found
  FROM source.sqlite_schema s
 WHERE s.type = 'table'
   AND s.name IN ('message', 'attachment', 'chat', 'chat_handle_join')
   AND s.rootpage IN (SELECT value FROM json_each(:pages))
 LIMIT 1
