INSERT INTO main.source_chats (source_rowid, guid, chat_id)
SELECT c.rowid, c.guid, o.id
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 CROSS JOIN main.chats o ON o.chat_identifier = coalesce(nullif(c.chat_identifier, ''), c.guid)
ON CONFLICT (source_rowid) DO UPDATE SET guid = excluded.guid, chat_id = excluded.chat_id
 WHERE (guid, chat_id) IS NOT (excluded.guid, excluded.chat_id)
