-- Messages' chats at hand that are another chat than when they were last looked at: they have another identifier now, or
-- an older content was restored and their ROWIDs were given again. What they were is gone.
INSERT OR IGNORE INTO temp.gone (kind, id)
SELECT 'chat', k.source_rowid
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 CROSS JOIN main.chats o ON o.id = s.chat_id
 WHERE o.chat_identifier <> coalesce(nullif(c.chat_identifier, ''), c.guid)
