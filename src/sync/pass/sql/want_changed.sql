-- Known messages that commits may have changed. Those above the watermark come as new ones.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM temp.changed_row k
 CROSS JOIN temp.source_candidate c ON c.rowid = k.id
 WHERE k.width = 'wide'
   AND k.id <= :until
