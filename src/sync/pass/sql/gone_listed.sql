-- Where the WAL can't tell: the newest rows of the lists that Messages keeps of what it deleted.
INSERT OR IGNORE INTO temp.gone (kind, id)
SELECT 'message', o.id
  FROM (
    SELECT guid FROM (SELECT d.guid FROM temp.source_deleted d ORDER BY d.rowid DESC LIMIT :limit + 0)
    UNION
    SELECT guid FROM (SELECT d.guid FROM temp.source_sync_deleted d ORDER BY d.rowid DESC LIMIT :limit + 0)
    UNION
    SELECT guid FROM (
      SELECT d.message_guid AS guid FROM temp.source_removed_recoverable d ORDER BY d.rowid DESC LIMIT :limit + 0
    )
     LIMIT -1
  ) listed
 CROSS JOIN main.messages o ON o.guid = listed.guid
 WHERE o.source_rowid IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
