-- Known messages that a join names which was written since: those with ROWIDs above the ones seen so far. They had no
-- chat and waited, came back from Recently Deleted, or are in one more chat. The cost is that of what is new, however
-- many wait. ORDER BY keeps SQLite to the ROWIDs: an index on the message would be read from end to end (200 ms with five
-- million).
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
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.rowid
 WHERE joined.rowid <= :until
