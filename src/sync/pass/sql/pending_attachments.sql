INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason)
SELECT 'attachment', k.rowid, :now, 'no message yet'
  FROM temp.candidate_attachment k
 WHERE NOT EXISTS (
   SELECT 1 FROM temp.source_attachment s CROSS JOIN main.attachments a ON a.guid = s.guid WHERE s.rowid = k.rowid
 )
ON CONFLICT DO NOTHING
