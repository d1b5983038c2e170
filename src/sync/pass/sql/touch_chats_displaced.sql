-- Who is in a chat has no ROWIDs of its own (chat_handle_join is not AUTOINCREMENT): one that was given back is given
-- again. A chat that lost its row so to one at hand is looked at as well: what it lost is noted nowhere afterwards.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
WITH RECURSIVE looked (chat) AS (
  SELECT source_rowid FROM temp.candidate_chat
  UNION
  SELECT m.source_chat
    FROM looked l
   CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = l.chat
   CROSS JOIN main.source_members m ON m.source_rowid = j.rowid
   WHERE m.source_chat <> l.chat
)
SELECT l.chat FROM looked l WHERE EXISTS (SELECT 1 FROM temp.source_chat c WHERE c.rowid = l.chat)
