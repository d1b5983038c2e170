UPDATE main.messages
   SET conversation_id = g.conversation_id
  FROM temp.conversation_member e
 CROSS JOIN temp.conversation_group g ON g.range_id = e.range_id AND g.number = e.number
 WHERE messages.id = e.message_id AND e.old_id IS NOT g.conversation_id
