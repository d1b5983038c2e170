INSERT INTO main.source_handles (source_rowid, identifier_id)
SELECT a.handle_rowid, i.id
  FROM temp.address a
 CROSS JOIN main.contact_identifiers i ON i.type = a.type AND i.identifier = a.identifier
 WHERE a.handle_rowid IS NOT NULL
ON CONFLICT (source_rowid) DO UPDATE SET identifier_id = excluded.identifier_id
 WHERE identifier_id <> excluded.identifier_id
