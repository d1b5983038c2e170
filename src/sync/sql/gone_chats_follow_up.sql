-- Messages of ours in a chat that is gone may be in another one.
INSERT OR IGNORE INTO main.follow_ups (source_rowid)
SELECT m.source_rowid
  FROM temp.gone g
 CROSS JOIN main.source_chats s ON s.source_rowid = g.id
 CROSS JOIN main.messages m ON m.chat_id = s.chat_id
 WHERE g.kind = 'chat'
   AND m.source_rowid IS NOT NULL
