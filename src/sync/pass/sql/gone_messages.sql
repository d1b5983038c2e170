-- Of ours, what has a row of Messages' table `message`, or waits for one to come in, and is gone: what stands in a changed
-- range, or beside one as far as the next row that is still there on either side (the first or the last row of a page may
-- be what was deleted). By ROWID and by GUID: one that was made anew under another ROWID is not gone.
INSERT OR IGNORE INTO temp.gone (kind, id)
WITH gap AS MATERIALIZED (
  SELECT coalesce(
           (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
         ) AS after,
         coalesce(
           (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
         ) AS until
    FROM temp.changed_range r
   WHERE r.width = 'wide'
)
SELECT 'message', o.id
  FROM gap g
 CROSS JOIN main.messages o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'reaction', o.id
  FROM gap g
 CROSS JOIN main.reactions o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND o.gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
-- By source_rowid, as they have no id of ours.
SELECT 'removal', o.source_rowid
  FROM gap g
 CROSS JOIN main.reaction_removals o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'event', o.id
  FROM gap g
 CROSS JOIN main.chat_events o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'waiting_' || p.kind, p.source_rowid
  FROM gap g
 CROSS JOIN (SELECT 'message' AS kind UNION ALL SELECT 'reaction') k
 CROSS JOIN main.pending_rows p ON p.kind = k.kind AND p.source_rowid > g.after AND p.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = p.source_rowid)
