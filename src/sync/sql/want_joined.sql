-- Messages that had no chat and have one now. The newest first: those are the ones that a join is likely to come for.
INSERT OR IGNORE INTO temp.wanted (rowid)
SELECT source_rowid
  FROM (
    SELECT p.source_rowid FROM main.pending_rows p WHERE p.kind = 'message' ORDER BY p.source_rowid DESC LIMIT :limit
  ) waiting
 WHERE EXISTS (SELECT 1 FROM temp.source_chat_message_join j WHERE j.message_id = waiting.source_rowid)
    OR EXISTS (SELECT 1 FROM temp.source_recoverable_join r WHERE r.message_id = waiting.source_rowid)
