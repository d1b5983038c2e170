-- A contact for every address that we meet for the first time; until Contacts tells a name, the address is the name.
INSERT INTO main.contacts (id, name, name_source, data_source, last_updated)
SELECT (SELECT max(id) FROM main.contacts) + row_number() OVER (ORDER BY min(a.rowid)),
       a.identifier,
       'identifier',
       'messages',
       :now
  FROM temp.address a
 WHERE NOT EXISTS (
   SELECT 1 FROM main.contact_identifiers i WHERE i.type = a.type AND i.identifier = a.identifier
 )
 GROUP BY a.type, a.identifier
