-- What waited and is gone waits no more; see gone_messages.sql.
DELETE FROM main.pending_rows
 WHERE (kind, source_rowid) IN (
   SELECT p.kind, p.source_rowid
     FROM temp.changed_range r
    CROSS JOIN (SELECT 'message' AS kind UNION ALL SELECT 'reaction') k
    CROSS JOIN main.pending_rows p
       ON p.kind = k.kind
      AND p.source_rowid > coalesce(
            (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
          )
      AND p.source_rowid < coalesce(
            (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
          )
    WHERE r.width = 'wide'
      AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = p.source_rowid)
   UNION ALL
   SELECT p.kind, p.source_rowid
     FROM temp.changed_range r
    CROSS JOIN main.pending_rows p
       ON p.kind = 'attachment'
      AND p.source_rowid > coalesce(
            (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
          )
      AND p.source_rowid < coalesce(
            (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
          )
    WHERE r.width = 'middle'
      AND NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.rowid = p.source_rowid)
 )
