UPDATE main.messages
   SET conversation_id = NULL
 WHERE id IN (SELECT m.id FROM main.messages m WHERE m.conversation_id IS NOT NULL LIMIT :limit + 0)
