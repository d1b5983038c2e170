INSERT OR IGNORE INTO main.chat_participants (chat_id, contact_id)
SELECT m.chat_id, i.contact_id
  FROM main.contact_identifiers i
 CROSS JOIN main.chat_members m ON m.identifier_id = i.id
 WHERE i.contact_id IN (:from, :into)
