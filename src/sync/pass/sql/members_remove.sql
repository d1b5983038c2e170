-- Gone from every source chat that this chat of ours stands for.
DELETE FROM main.chat_members
 WHERE chat_id IN (
   SELECT s.chat_id FROM temp.candidate_chat k CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 )
   AND NOT EXISTS (
     SELECT 1
       FROM main.source_chats s
      CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = s.source_rowid
      CROSS JOIN main.source_handles h ON h.source_rowid = j.handle_id
      WHERE s.chat_id = chat_members.chat_id
        AND h.identifier_id = chat_members.identifier_id
   )
