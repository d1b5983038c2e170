DELETE FROM main.pending_rows
 WHERE kind = 'attachment'
   AND source_rowid IN (
     SELECT k.rowid FROM temp.candidate_attachment k
      WHERE EXISTS (
   SELECT 1 FROM temp.source_attachment s CROSS JOIN main.attachments a ON a.guid = s.guid WHERE s.rowid = k.rowid
 )
   )
