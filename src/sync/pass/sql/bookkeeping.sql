-- Small questions asked of the source and of our own bookkeeping.

-- name: backlog
-- How many messages are new, counted no further than :most.
SELECT count(*) AS n FROM (SELECT 1 FROM temp.source_message m WHERE m.rowid > :after LIMIT :most + 0)

-- name: countries
SELECT country FROM temp.source_handle WHERE country IS NOT NULL

-- name: emptiedTable
-- Whether one of these pages is the root of a table that is followed: it has no rows then.
SELECT 1 AS found
  FROM source.sqlite_schema s
 WHERE s.type = 'table'
   AND s.name IN ('message', 'attachment', 'chat', 'chat_handle_join')
   AND s.rootpage IN (SELECT value FROM json_each(:pages))
 LIMIT 1

-- name: sourceSize
SELECT (SELECT count(*) FROM temp.source_message) + (SELECT count(*) FROM temp.source_attachment) AS n

-- name: rowsWaiting
-- ROWIDs of the newest rows of a kind that wait.
SELECT source_rowid FROM main.pending_rows WHERE kind = :kind ORDER BY source_rowid DESC LIMIT :limit + 0

-- name: endOfComparisonSlice
-- Where a slice of the walk over all rows ends: after so many messages, or, behind the last of these, after so many
-- attachments or joins of a chat with a handle. NULL: it takes all that is left.
SELECT coalesce(
  (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows),
  (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows),
  (SELECT s.rowid FROM temp.source_chat_handle_join s WHERE s.rowid > :after ORDER BY s.rowid LIMIT 1 OFFSET :rows)
) AS until
