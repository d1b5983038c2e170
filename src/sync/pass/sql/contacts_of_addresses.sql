-- A contact for every address that we meet for the first time. Cards that all say the same name give it at once;
-- everything harder is for the contact sync to find out. Without a card the address is the name.
INSERT INTO main.contacts (id, name, name_source, data_source, last_updated)
SELECT (SELECT max(id) FROM main.contacts) + row_number() OVER (ORDER BY first),
       coalesce(card_name, identifier),
       iif(card_name IS NULL, 'identifier', 'addressbook'),
       iif(card_name IS NULL, 'messages', 'addressbook'),
       :now
  FROM (
    SELECT a.identifier,
           min(a.rowid) AS first,
           (
             SELECT iif(count(DISTINCT c.name) = 1, max(c.name), NULL)
               FROM main.address_book_identifiers b
              CROSS JOIN main.address_book_cards c ON c.id = b.card_id
              WHERE b.type = a.type AND b.identifier = a.identifier
           ) AS card_name
      FROM temp.address a
     WHERE NOT EXISTS (
       SELECT 1 FROM main.contact_identifiers i WHERE i.type = a.type AND i.identifier = a.identifier
     )
     GROUP BY a.type, a.identifier
     LIMIT -1
  )
