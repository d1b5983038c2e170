-- Notes what changes, in the transaction that changes it. Counters are left out: they alone make no event.

CREATE TEMP TRIGGER log_contact_insert AFTER INSERT ON main.contacts
BEGIN
  INSERT INTO logged_change (kind, id, before) VALUES ('contact', NEW.id, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER log_contact_update AFTER UPDATE OF name, nickname, organization ON main.contacts
BEGIN
  INSERT INTO logged_change (kind, id, before)
  VALUES ('contact', NEW.id, json_object('name', OLD.name, 'nickname', OLD.nickname, 'organization', OLD.organization))
  ON CONFLICT DO NOTHING;
END;

CREATE TEMP TRIGGER log_chat_insert AFTER INSERT ON main.chats
BEGIN
  INSERT INTO logged_change (kind, id, before) VALUES ('chat', NEW.id, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER log_chat_update AFTER UPDATE OF chat_name, is_group, service_name, is_archived, deleted_at ON main.chats
BEGIN
  INSERT INTO logged_change (kind, id, before)
  VALUES ('chat', NEW.id, json_object(
    'chat_name', OLD.chat_name,
    'is_group', json(iif(OLD.is_group, 'true', 'false')),
    'service_name', OLD.service_name,
    'is_archived', json(iif(OLD.is_archived, 'true', 'false')),
    'deleted_at', OLD.deleted_at
  ))
  ON CONFLICT DO NOTHING;
END;

CREATE TEMP TRIGGER log_participant_insert AFTER INSERT ON main.chat_participants
BEGIN
  INSERT INTO logged_change (kind, id, other_id, before) VALUES ('participant', NEW.chat_id, NEW.contact_id, NULL)
  ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER log_participant_delete AFTER DELETE ON main.chat_participants
BEGIN
  INSERT INTO logged_change (kind, id, other_id, before) VALUES ('participant', OLD.chat_id, OLD.contact_id, '{}')
  ON CONFLICT DO NOTHING;
END;

CREATE TEMP TRIGGER log_message_insert AFTER INSERT ON main.messages
BEGIN
  INSERT INTO logged_change (kind, id, before) VALUES ('message', NEW.id, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER log_message_update
AFTER UPDATE OF chat_id, sender_id, content, timestamp, is_from_me, message_type, service_name, reply_to_guid,
  date_read, date_delivered, date_edited, date_retracted, deleted_at, send_error ON main.messages
BEGIN
  INSERT INTO logged_change (kind, id, before)
  VALUES ('message', NEW.id, json_object(
    'chat_id', OLD.chat_id,
    'sender_id', OLD.sender_id,
    'content', OLD.content,
    'timestamp', OLD.timestamp,
    'is_from_me', json(iif(OLD.is_from_me, 'true', 'false')),
    'message_type', OLD.message_type,
    'service_name', OLD.service_name,
    'reply_to_guid', OLD.reply_to_guid,
    'date_read', OLD.date_read,
    'date_delivered', OLD.date_delivered,
    'date_edited', OLD.date_edited,
    'date_retracted', OLD.date_retracted,
    'deleted_at', OLD.deleted_at,
    'send_error', OLD.send_error
  ))
  ON CONFLICT DO NOTHING;
END;

CREATE TEMP TRIGGER log_reaction_insert AFTER INSERT ON main.reactions
BEGIN
  INSERT INTO logged_change (kind, id, before) VALUES ('reaction', NEW.id, NULL) ON CONFLICT DO NOTHING;
END;
-- Not of sender_id alone: a merge of contacts re-points it, and says so in one event.
CREATE TEMP TRIGGER log_reaction_update
AFTER UPDATE OF original_message_guid, original_part, chat_id, reaction_type, emoji, timestamp, removed_at ON main.reactions
BEGIN
  INSERT INTO logged_change (kind, id, before)
  VALUES ('reaction', NEW.id, json_object(
    'original_message_guid', OLD.original_message_guid,
    'original_part', OLD.original_part,
    'chat_id', OLD.chat_id,
    'sender_id', OLD.sender_id,
    'reaction_type', OLD.reaction_type,
    'emoji', OLD.emoji,
    'timestamp', OLD.timestamp,
    'removed_at', OLD.removed_at
  ))
  ON CONFLICT DO NOTHING;
END;

CREATE TEMP TRIGGER log_attachment_insert AFTER INSERT ON main.attachments
BEGIN
  INSERT INTO logged_change (kind, id, before) VALUES ('attachment', NEW.id, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER log_attachment_update
AFTER UPDATE OF message_id, file_name, path, mime_type, uti, size, created_date, is_sticker, transfer_state, deleted_at
  ON main.attachments
BEGIN
  INSERT INTO logged_change (kind, id, before)
  VALUES ('attachment', NEW.id, json_object(
    'message_id', OLD.message_id,
    'file_name', OLD.file_name,
    'path', OLD.path,
    'mime_type', OLD.mime_type,
    'uti', OLD.uti,
    'size', OLD.size,
    'created_date', OLD.created_date,
    'is_sticker', json(iif(OLD.is_sticker, 'true', 'false')),
    'transfer_state', OLD.transfer_state,
    'deleted_at', OLD.deleted_at
  ))
  ON CONFLICT DO NOTHING;
END;
