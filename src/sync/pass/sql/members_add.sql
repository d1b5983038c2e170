INSERT INTO main.chat_members (chat_id, identifier_id)
SELECT DISTINCT s.chat_id, h.identifier_id
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = k.source_rowid
 CROSS JOIN main.source_handles h ON h.source_rowid = j.handle_id
 WHERE true
ON CONFLICT DO NOTHING
