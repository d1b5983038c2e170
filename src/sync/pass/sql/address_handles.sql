INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT h.rowid, h.id, identifier_type(h.id, :region), identifier(h.id, :region)
  FROM temp.source_handle h
 WHERE h.rowid > :after
   AND h.id IS NOT NULL
 ORDER BY h.rowid
