-- The newest messages that we have: what changes at all mostly changes soon (delivered, read, edited, text that comes late).
INSERT OR IGNORE INTO temp.wanted (rowid)
SELECT m.rowid
  FROM temp.source_message m
 WHERE m.rowid <= :until
 ORDER BY m.rowid DESC
 LIMIT :limit
