INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason)
SELECT 'attachment', k.rowid, :now, 'no message yet'
  FROM temp.candidate_attachment k
 WHERE NOT EXISTS (SELECT 1 FROM main.attachments a WHERE a.source_rowid = k.rowid)
ON CONFLICT DO NOTHING
