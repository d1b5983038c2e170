-- Of those that were known, or could have been, before this pass.
INSERT OR IGNORE INTO temp.repointed_handle (rowid)
SELECT a.handle_rowid
  FROM temp.address a
 CROSS JOIN main.contact_identifiers i ON i.type = a.type AND i.identifier = a.identifier
  LEFT JOIN main.source_handles s ON s.source_rowid = a.handle_rowid
 WHERE a.handle_rowid <= :until
   AND s.identifier_id IS NOT i.id
