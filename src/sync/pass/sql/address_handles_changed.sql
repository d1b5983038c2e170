-- Handles that say something else than when they were last looked at, or that came back under their old ROWIDs. New ones
-- stand in address_handles.sql.
INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT h.rowid, h.id, identifier_type(h.id, :region), identifier(h.id, :region)
  FROM temp.changed_row k
 CROSS JOIN temp.source_handle h ON h.rowid = k.id
  LEFT JOIN main.source_handles s ON s.source_rowid = k.id
 WHERE k.width = 'any'
   AND k.id <= :until
   AND h.id IS NOT NULL
   AND s.said IS NOT CAST(h.id AS TEXT)
