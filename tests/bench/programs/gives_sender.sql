-- So many messages, spread over the whole history, become this contact's: it then has exactly these.
UPDATE main.messages
   SET sender_id = :contact,
       sender_identifier_id = (SELECT id FROM main.contact_identifiers WHERE origin_contact_id = :contact LIMIT 1)
 WHERE id IN (
   SELECT id FROM main.messages WHERE NOT is_from_me AND sender_id IS NOT NULL ORDER BY guid LIMIT :count
 )
