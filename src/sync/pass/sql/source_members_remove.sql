DELETE FROM main.source_members
 WHERE source_chat IN (SELECT k.source_rowid FROM temp.candidate_chat k)
   AND NOT EXISTS (
     SELECT 1
       FROM temp.source_chat_handle_join j
      WHERE j.rowid = source_members.source_rowid
        AND j.chat_id = source_members.source_chat
   )
