DELETE FROM main.conversations
 WHERE id IN (
         SELECT c.id
           FROM temp.conversation_range r
          CROSS JOIN main.conversations c
                  ON c.chat_id = r.chat_id AND c.start_time BETWEEN r.first_time AND r.last_time
          WHERE r.carried_id IS NULL
       )
   AND id NOT IN (SELECT g.conversation_id FROM temp.conversation_group g)
