DELETE FROM main.pending_rows
 WHERE kind = 'reaction'
   AND source_rowid IN (
     SELECT c.rowid FROM temp.candidate c CROSS JOIN main.messages m ON m.guid = c.target_guid
      WHERE c.kind IN ('reaction', 'removal')
   )
