DELETE FROM main.chat_participants
 WHERE contact_id IN (:from, :into)
   AND chat_id IN (SELECT m.chat_id FROM temp.split_identifier s CROSS JOIN main.chat_members m ON m.identifier_id = s.id)
