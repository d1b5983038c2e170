DELETE FROM main.pending_rows
 WHERE kind = 'attachment'
   AND source_rowid IN (
     SELECT k.rowid FROM temp.candidate_attachment k
      WHERE EXISTS (SELECT 1 FROM main.attachments a WHERE a.source_rowid = k.rowid)
   )
