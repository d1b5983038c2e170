INSERT INTO main.source_chats (source_rowid, guid, chat_id, said)
SELECT c.rowid, c.guid, o.id, t.said
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 CROSS JOIN temp.source_chat_said t ON t.rowid = k.source_rowid
 CROSS JOIN main.chats o ON o.chat_identifier = coalesce(nullif(c.chat_identifier, ''), c.guid)
ON CONFLICT (source_rowid) DO UPDATE
   SET guid = excluded.guid,
       chat_id = excluded.chat_id,
       said = excluded.said
 WHERE (guid, chat_id, said) IS NOT (excluded.guid, excluded.chat_id, excluded.said)
