-- Known attachments that commits may have changed.
INSERT OR IGNORE INTO temp.candidate_attachment (rowid)
SELECT a.rowid
  FROM temp.changed_row k
 CROSS JOIN temp.source_attachment_guid a ON a.rowid = k.id
 WHERE k.width = 'middle'
   AND a.rowid <= :until
