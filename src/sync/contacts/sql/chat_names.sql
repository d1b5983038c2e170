-- A 1:1 chat has the name of the contact that its other side belongs to.
UPDATE main.chats
   SET chat_name = p.name
  FROM main.contact_identifiers i
  JOIN main.contacts p ON p.id = i.contact_id
 WHERE i.contact_id = :contact
   AND chats.peer_identifier_id = i.id
   AND chats.is_group = 0
   AND chats.chat_name IS NOT p.name
