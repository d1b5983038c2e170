-- Messages' chats that are gone; see gone_messages.sql.
INSERT OR IGNORE INTO temp.gone (kind, id)
SELECT 'chat', o.source_rowid
  FROM temp.changed_range r
 CROSS JOIN main.source_chats o
    ON o.source_rowid > coalesce(
         (SELECT s.rowid FROM temp.source_chat s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
       )
   AND o.source_rowid < coalesce(
         (SELECT s.rowid FROM temp.source_chat s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
       )
 WHERE r.width = 'middle'
   AND NOT EXISTS (SELECT 1 FROM temp.source_chat s WHERE s.rowid = o.source_rowid)
