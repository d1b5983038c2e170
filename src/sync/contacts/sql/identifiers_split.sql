UPDATE main.contact_identifiers
   SET contact_id = :from,
       is_primary = origin_contact_id = :from
 WHERE id IN (SELECT id FROM temp.split_identifier)
