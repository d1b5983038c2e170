INSERT INTO main.source_members (source_rowid, source_chat, source_handle)
SELECT j.rowid, j.chat_id, j.handle_id
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = k.source_rowid
 WHERE j.handle_id IS NOT NULL
ON CONFLICT (source_rowid) DO UPDATE SET source_chat = excluded.source_chat, source_handle = excluded.source_handle
 WHERE (source_chat, source_handle) IS NOT (excluded.source_chat, excluded.source_handle)
