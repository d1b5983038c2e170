-- The other chats of Messages' that the same chat of ours stands for speak for it now.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT other.source_rowid
  FROM temp.gone g
 CROSS JOIN main.source_chats s ON s.source_rowid = g.id
 CROSS JOIN main.source_chats other ON other.chat_id = s.chat_id
 WHERE g.kind = 'chat'
   AND EXISTS (SELECT 1 FROM temp.source_chat c WHERE c.rowid = other.source_rowid)
