-- Tapbacks whose own row is gone; see gone_messages.sql.
INSERT OR IGNORE INTO temp.gone (kind, id)
SELECT 'reaction', o.id
  FROM temp.changed_range r
 CROSS JOIN main.reactions o
    ON o.source_rowid > coalesce(
         (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
       )
   AND o.source_rowid < coalesce(
         (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
       )
 WHERE r.width = 'wide'
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND o.gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
