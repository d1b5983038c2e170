-- The card belongs to the other one now: whoever is split off and had its name is called by the address again.
UPDATE main.contacts
   SET name = (SELECT i.identifier FROM main.contact_identifiers i WHERE i.origin_contact_id = :from ORDER BY i.id LIMIT 1),
       name_source = 'identifier',
       nickname = NULL,
       organization = NULL,
       last_updated = :now
 WHERE id = :from
   AND name_source IN ('addressbook', 'addressbook_gone')
   AND (:had_card_name OR name = (SELECT c.name FROM main.contacts c WHERE c.id = :into))
