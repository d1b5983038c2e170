UPDATE main.contact_identifiers
   SET last_used = coalesce(max(last_used, slice.newest), last_used, slice.newest)
  FROM (
    SELECT sender_identifier_id, max(timestamp) AS newest
      FROM main.messages
     WHERE id > :after
       AND sender_identifier_id IS NOT NULL
     GROUP BY sender_identifier_id
  ) slice
 WHERE slice.sender_identifier_id = contact_identifiers.id
