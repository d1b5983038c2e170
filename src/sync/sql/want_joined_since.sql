-- Messages that had no chat, and a join that was written since: those with ROWIDs above the ones seen so far. The cost
-- is that of what is new, however many wait. ORDER BY keeps SQLite to the ROWIDs: an index on the message would be read
-- from end to end (200 ms with five million).
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT * FROM (
      SELECT j.message_id AS rowid FROM temp.source_chat_message_join j WHERE j.rowid > :chats ORDER BY j.rowid LIMIT -1
    )
    UNION ALL
    SELECT * FROM (
      SELECT r.message_id FROM temp.source_recoverable_join r WHERE r.rowid > :recoverable ORDER BY r.rowid LIMIT -1
    )
  ) joined
 CROSS JOIN main.pending_rows p ON p.kind = 'message' AND p.source_rowid = joined.rowid
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.rowid
