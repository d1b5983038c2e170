-- Tapbacks that waited for a message of this very pass.
INSERT OR IGNORE INTO temp.wanted (rowid)
SELECT p.source_rowid
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.pending_rows p ON p.waits_for = m.guid AND p.kind = 'reaction'
 WHERE c.kind = 'message'
