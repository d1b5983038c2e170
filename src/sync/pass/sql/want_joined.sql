-- Messages that had no chat and have one now. The newest first: those are the ones that a join is likely to come for.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT p.source_rowid
      FROM (
        SELECT source_rowid FROM main.pending_rows WHERE kind = 'message' ORDER BY source_rowid DESC LIMIT :limit + 0
      ) p
     WHERE EXISTS (SELECT 1 FROM temp.source_chat_message_join j WHERE j.message_id = p.source_rowid)
        OR EXISTS (SELECT 1 FROM temp.source_recoverable_join r WHERE r.message_id = p.source_rowid)
     LIMIT -1
  ) joined
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.source_rowid
