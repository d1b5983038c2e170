-- Messages that an earlier pass left for later, as it changed what they hang on.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (SELECT f.source_rowid FROM main.follow_ups f ORDER BY f.source_rowid LIMIT :limit + 0) f
 CROSS JOIN temp.source_candidate c ON c.rowid = f.source_rowid
 WHERE c.rowid <= :until
