-- Who is in a chat follows from its members' identifiers and from whose they are.
INSERT INTO main.chat_participants (chat_id, contact_id)
SELECT DISTINCT m.chat_id, i.contact_id
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN main.chat_members m ON m.chat_id = s.chat_id
 CROSS JOIN main.contact_identifiers i ON i.id = m.identifier_id
 WHERE true
ON CONFLICT DO NOTHING
