-- A conversation that begins with a message, with as many as come after it without a gap.
INSERT INTO main.conversations (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
SELECT m.chat_id, m.sender_id, m.sender_identifier_id, m.timestamp, :end, :count
  FROM main.messages m
 WHERE m.id = :message
