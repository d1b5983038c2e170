DELETE FROM main.pending_rows
 WHERE kind = 'message'
   AND source_rowid IN (
     SELECT c.rowid FROM temp.candidate c CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
   )
