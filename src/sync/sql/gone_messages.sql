-- Messages of ours that are gone: those in a changed range, or beside one as far as the next row that is still there on
-- either side (the first or the last row of a page may be what was deleted). By ROWID and by GUID: one that was made anew
-- under another ROWID is not gone.
INSERT OR IGNORE INTO temp.gone (kind, id)
SELECT 'message', o.id
  FROM temp.changed_range r
 CROSS JOIN main.messages o
    ON o.source_rowid > coalesce(
         (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
       )
   AND o.source_rowid < coalesce(
         (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
       )
 WHERE r.width = 'wide'
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
