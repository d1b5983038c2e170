-- Chats that say something else than when they were last looked at, or that came back under their old ROWIDs, and chats
-- whose members came or went.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT c.rowid
  FROM temp.changed_row k
 CROSS JOIN temp.source_chat_said c ON c.rowid = k.id
  LEFT JOIN main.source_chats s ON s.source_rowid = k.id
 WHERE k.width = 'middle'
   AND s.said IS NOT c.said
UNION
SELECT j.chat_id
  FROM temp.changed_row k
 CROSS JOIN temp.source_chat_handle_join j ON j.rowid = k.id
 CROSS JOIN main.source_chats s ON s.source_rowid = j.chat_id
  LEFT JOIN main.source_members m ON m.source_rowid = j.rowid
 WHERE k.width = 'any'
   AND (m.source_chat, m.source_handle) IS NOT (j.chat_id, j.handle_id)
UNION
SELECT m.source_chat
  FROM temp.changed_range r
 CROSS JOIN main.source_members m
    ON m.source_rowid > coalesce(
         (SELECT j.rowid FROM temp.source_chat_handle_join j WHERE j.rowid < r.first ORDER BY j.rowid DESC LIMIT 1), -1
       )
   AND m.source_rowid < coalesce(
         (SELECT j.rowid FROM temp.source_chat_handle_join j WHERE j.rowid > r.last ORDER BY j.rowid LIMIT 1), :most
       )
 CROSS JOIN temp.source_chat c ON c.rowid = m.source_chat
 WHERE r.width = 'any'
   AND NOT EXISTS (SELECT 1 FROM temp.source_chat_handle_join j WHERE j.rowid = m.source_rowid)
