INSERT INTO main.conversations (
  id, chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count
)
SELECT g.conversation_id, m.chat_id, m.sender_id, m.sender_identifier_id, g.start_time, g.end_time, g.message_count
  FROM temp.conversation_group g
 CROSS JOIN main.messages m ON m.id = g.first_message_id
 WHERE g.number > 0
ON CONFLICT (id) DO UPDATE
   SET chat_id = excluded.chat_id,
       initiator_id = excluded.initiator_id,
       initiator_identifier_id = excluded.initiator_identifier_id,
       start_time = excluded.start_time,
       end_time = excluded.end_time,
       message_count = excluded.message_count
 WHERE (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
   IS NOT (
     excluded.chat_id, excluded.initiator_id, excluded.initiator_identifier_id, excluded.start_time,
     excluded.end_time, excluded.message_count
   )
