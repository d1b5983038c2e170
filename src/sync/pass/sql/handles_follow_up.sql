-- Who sent these is somebody else now.
INSERT OR IGNORE INTO main.follow_ups (source_rowid)
SELECT m.rowid
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_message m ON m.handle_id = h.rowid
UNION
SELECT m.rowid
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_message m ON m.other_handle = h.rowid
