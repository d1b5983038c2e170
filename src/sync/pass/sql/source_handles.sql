INSERT INTO main.source_handles (source_rowid, identifier_id, said)
SELECT a.handle_rowid, i.id, CAST(a.raw AS TEXT)
  FROM temp.address a
 CROSS JOIN main.contact_identifiers i ON i.type = a.type AND i.identifier = a.identifier
 WHERE a.handle_rowid IS NOT NULL
ON CONFLICT (source_rowid) DO UPDATE SET identifier_id = excluded.identifier_id, said = excluded.said
 WHERE (identifier_id, said) IS NOT (excluded.identifier_id, excluded.said)
