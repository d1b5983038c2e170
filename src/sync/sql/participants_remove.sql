-- Gone from every source chat that this chat of ours stands for.
DELETE FROM main.chat_participants
 WHERE chat_id IN (
   SELECT s.chat_id FROM temp.candidate_chat k CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 )
   AND NOT EXISTS (
     SELECT 1
       FROM main.source_chats s
      CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = s.source_rowid
      CROSS JOIN main.source_handles h ON h.source_rowid = j.handle_id
      CROSS JOIN main.contact_identifiers i ON i.id = h.identifier_id
      WHERE s.chat_id = chat_participants.chat_id
        AND i.contact_id = chat_participants.contact_id
   )
