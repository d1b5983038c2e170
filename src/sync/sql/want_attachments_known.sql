-- Attachments that waited for their message, and those of the messages at hand (state, size and name fill in later).
INSERT OR IGNORE INTO temp.candidate_attachment (rowid)
SELECT p.source_rowid
  FROM (
    SELECT source_rowid FROM main.pending_rows WHERE kind = 'attachment' ORDER BY source_rowid DESC LIMIT :limit
  ) p
 WHERE EXISTS (SELECT 1 FROM temp.source_message_attachment_join j WHERE j.attachment_id = p.source_rowid)
UNION
SELECT j.attachment_id
  FROM temp.candidate c
 CROSS JOIN temp.source_message_attachment_join j ON j.message_id = c.rowid
 WHERE j.attachment_id <= :until
