-- Attachments that waited for their message, and those of the messages at hand (state, size and name fill in later).
-- One whose message waits too comes in with it. Of those that wait at most :limit are looked at, and those that a join
-- above the ROWID :since names (null: none). ORDER BY keeps SQLite to the ROWIDs, as in want_joined_since.sql.
INSERT OR IGNORE INTO temp.candidate_attachment (rowid)
SELECT p.source_rowid
  FROM (
    SELECT source_rowid FROM main.pending_rows WHERE kind = 'attachment' ORDER BY source_rowid DESC LIMIT :limit + 0
  ) p
 WHERE EXISTS (SELECT 1 FROM temp.source_message_attachment_join j WHERE j.attachment_id = p.source_rowid)
UNION
SELECT p.source_rowid
  FROM (
    SELECT j.attachment_id
      FROM temp.source_message_attachment_join j
     WHERE j.rowid > :since
     ORDER BY j.rowid
     LIMIT -1
  ) joined
 CROSS JOIN main.pending_rows p ON p.kind = 'attachment' AND p.source_rowid = joined.attachment_id
UNION
SELECT j.attachment_id
  FROM temp.candidate c
 CROSS JOIN temp.source_message_attachment_join j ON j.message_id = c.rowid
 WHERE j.attachment_id <= :until
