-- What conversations depend on: the sender too, for who began one. A merge of contacts changes sender_id alone, and a
-- conversation's initiator follows it by itself.
CREATE TEMP TRIGGER conversation_message_insert AFTER INSERT ON main.messages
WHEN NEW.deleted_at IS NULL AND NEW.timestamp IS NOT NULL
BEGIN
  INSERT INTO conversation_touch (message_id, chat_id, timestamp, fresh) VALUES (NEW.id, NEW.chat_id, NEW.timestamp, 1);
END;
CREATE TEMP TRIGGER conversation_message_update
AFTER UPDATE OF chat_id, timestamp, deleted_at, is_from_me, sender_identifier_id ON main.messages
WHEN (OLD.chat_id, OLD.timestamp, OLD.deleted_at IS NULL, OLD.is_from_me, OLD.sender_identifier_id)
  IS NOT (NEW.chat_id, NEW.timestamp, NEW.deleted_at IS NULL, NEW.is_from_me, NEW.sender_identifier_id)
BEGIN
  INSERT INTO conversation_touch (message_id, chat_id, timestamp, fresh)
  VALUES (OLD.id, OLD.chat_id, OLD.timestamp, 0), (NEW.id, NEW.chat_id, NEW.timestamp, 0);
END;
