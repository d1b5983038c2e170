-- Tapbacks that waited for a message of this very pass.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT t.rowid, t.kind, t.source_chat, t.target_guid, t.target_part
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.pending_rows p ON p.waits_for = m.guid AND p.kind = 'reaction'
 CROSS JOIN temp.source_candidate t ON t.rowid = p.source_rowid
 WHERE c.kind = 'message'
