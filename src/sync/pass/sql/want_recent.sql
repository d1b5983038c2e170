-- The newest messages that we have: what changes at all mostly changes soon (delivered, read, edited, text that comes late).
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT rowid, kind, source_chat, target_guid, target_part
  FROM temp.source_candidate
 WHERE rowid <= :until
 ORDER BY rowid DESC
 LIMIT :limit + 0
