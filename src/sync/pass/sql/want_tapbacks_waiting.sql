-- Tapbacks that wait although their message is here: a slice of a sweep over all that wait.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT p.source_rowid
      FROM main.pending_rows p
     WHERE p.kind = 'reaction'
       AND p.source_rowid > :after
       AND EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = p.waits_for)
     ORDER BY p.source_rowid
     LIMIT :limit + 0
  ) waiting
 CROSS JOIN temp.source_candidate c ON c.rowid = waiting.source_rowid
