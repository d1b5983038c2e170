-- Attachments that are gone, also those that wait; see gone_messages.sql.
INSERT OR IGNORE INTO temp.gone (kind, id)
WITH gap AS MATERIALIZED (
  SELECT coalesce(
           (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
         ) AS after,
         coalesce(
           (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
         ) AS until
    FROM temp.changed_range r
   WHERE r.width = 'middle'
)
SELECT 'attachment', o.id
  FROM gap g
 CROSS JOIN main.attachments o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'waiting_attachment', p.source_rowid
  FROM gap g
 CROSS JOIN main.pending_rows p ON p.kind = 'attachment' AND p.source_rowid > g.after AND p.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.rowid = p.source_rowid)
