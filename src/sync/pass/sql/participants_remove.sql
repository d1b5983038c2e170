DELETE FROM main.chat_participants
 WHERE chat_id IN (
   SELECT s.chat_id FROM temp.candidate_chat k CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 )
   AND NOT EXISTS (
     SELECT 1
       FROM main.chat_members m
      CROSS JOIN main.contact_identifiers i ON i.id = m.identifier_id
      WHERE m.chat_id = chat_participants.chat_id
        AND i.contact_id = chat_participants.contact_id
   )
