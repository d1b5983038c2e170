-- Where a contact is, is the other side, wrote, reacted, or something happened to or by it.
INSERT OR IGNORE INTO temp.touched_chat (id)
SELECT p.chat_id FROM main.chat_participants p WHERE p.contact_id = :contact
UNION
SELECT c.id
  FROM main.contact_identifiers i
 CROSS JOIN main.chats c ON c.peer_identifier_id = i.id
 WHERE i.contact_id = :contact
UNION
SELECT m.chat_id FROM main.messages m WHERE m.sender_id = :contact
UNION
SELECT r.chat_id FROM main.reactions r WHERE r.sender_id = :contact AND r.chat_id IS NOT NULL
UNION
SELECT e.chat_id FROM main.chat_events e WHERE e.actor_id = :contact
UNION
SELECT e.chat_id FROM main.chat_events e WHERE e.member_id = :contact
