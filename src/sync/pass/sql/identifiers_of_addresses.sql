-- The same rows in the same order as contacts_of_addresses.sql, so that each meets its contact.
INSERT INTO main.contact_identifiers (contact_id, origin_contact_id, identifier, type, raw, is_primary)
SELECT :last_contact + row_number() OVER (ORDER BY min(a.rowid)),
       :last_contact + row_number() OVER (ORDER BY min(a.rowid)),
       a.identifier,
       a.type,
       a.raw,
       1
  FROM temp.address a
 WHERE NOT EXISTS (
   SELECT 1 FROM main.contact_identifiers i WHERE i.type = a.type AND i.identifier = a.identifier
 )
 GROUP BY a.type, a.identifier
