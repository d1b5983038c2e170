-- A message that was deleted, or lost its date, belongs to no conversation.
UPDATE main.messages
   SET conversation_id = NULL
 WHERE id IN (SELECT t.message_id FROM temp.conversation_touch t)
   AND id NOT IN (SELECT e.message_id FROM temp.conversation_member e)
   AND conversation_id IS NOT NULL
