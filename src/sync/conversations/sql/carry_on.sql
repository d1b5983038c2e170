UPDATE main.conversations
   SET end_time = max(conversations.end_time, g.end_time),
       message_count = conversations.message_count + g.message_count
  FROM temp.conversation_group g
 WHERE g.number = 0 AND conversations.id = g.conversation_id
