-- One message that begins a conversation of its own.
INSERT INTO main.conversations (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
SELECT m.chat_id, m.sender_id, m.sender_identifier_id, m.timestamp, m.timestamp, 1
  FROM main.messages m
 WHERE m.id = :message
