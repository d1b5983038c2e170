-- Triggers that chat.db has on macOS 13 to 15; from public dumps.
-- Left out: after_delete_on_message_plugin, before_delete_on_attachment and after_delete_on_attachment. They call functions
-- of Apple's process that delete files, and SQLite refuses ours in a trigger (we register functions as SQLITE_DIRECTONLY).

CREATE TRIGGER after_insert_on_chat_message_join
AFTER INSERT ON chat_message_join
BEGIN
    UPDATE message
       SET cache_roomnames = (SELECT group_concat(c.room_name)
                                FROM chat c
                                JOIN chat_message_join j ON j.chat_id = c.ROWID
                               WHERE j.message_id = NEW.message_id)
     WHERE message.ROWID = NEW.message_id;
END;

CREATE TRIGGER after_delete_on_chat_message_join
AFTER DELETE ON chat_message_join
BEGIN
    UPDATE message
       SET cache_roomnames = (SELECT group_concat(c.room_name)
                                FROM chat c
                                JOIN chat_message_join j ON j.chat_id = c.ROWID
                               WHERE j.message_id = OLD.message_id)
     WHERE message.ROWID = OLD.message_id;
    DELETE FROM message
     WHERE message.ROWID = OLD.message_id
       AND OLD.message_id NOT IN (SELECT message_id FROM chat_message_join WHERE message_id = OLD.message_id LIMIT 1)
       AND OLD.message_id NOT IN (SELECT message_id FROM chat_recoverable_message_join WHERE message_id = OLD.message_id LIMIT 1);
END;

CREATE TRIGGER after_delete_on_chat_recoverable_message_join
AFTER DELETE ON chat_recoverable_message_join
BEGIN
    UPDATE message
       SET cache_roomnames = (SELECT group_concat(c.room_name)
                                FROM chat c
                                JOIN chat_message_join j ON j.chat_id = c.ROWID
                               WHERE j.message_id = OLD.message_id)
     WHERE message.ROWID = OLD.message_id;
    DELETE FROM message
     WHERE message.ROWID = OLD.message_id
       AND OLD.message_id NOT IN (SELECT message_id FROM chat_message_join WHERE message_id = OLD.message_id LIMIT 1)
       AND OLD.message_id NOT IN (SELECT message_id FROM chat_recoverable_message_join WHERE message_id = OLD.message_id LIMIT 1);
END;

CREATE TRIGGER after_delete_on_chat
AFTER DELETE ON chat
BEGIN
    DELETE FROM chat_message_join WHERE chat_id = OLD.ROWID;
END;

CREATE TRIGGER after_delete_on_chat_handle_join
AFTER DELETE ON chat_handle_join
BEGIN
    DELETE FROM handle
     WHERE handle.ROWID = OLD.handle_id
       AND (SELECT 1 FROM chat_handle_join WHERE handle_id = OLD.handle_id LIMIT 1) IS NULL
       AND (SELECT 1 FROM message WHERE handle_id = OLD.handle_id LIMIT 1) IS NULL
       AND (SELECT 1 FROM message WHERE other_handle = OLD.handle_id LIMIT 1) IS NULL;
END;

CREATE TRIGGER after_delete_on_message
AFTER DELETE ON message
BEGIN
    DELETE FROM handle
     WHERE handle.ROWID = OLD.handle_id
       AND (SELECT 1 FROM chat_handle_join WHERE handle_id = OLD.handle_id LIMIT 1) IS NULL
       AND (SELECT 1 FROM message WHERE handle_id = OLD.handle_id LIMIT 1) IS NULL
       AND (SELECT 1 FROM message WHERE other_handle = OLD.handle_id LIMIT 1) IS NULL;
END;

CREATE TRIGGER add_to_deleted_messages
AFTER DELETE ON message
BEGIN
    INSERT INTO deleted_messages (guid) VALUES (OLD.guid);
END;

CREATE TRIGGER add_to_sync_deleted_messages
AFTER DELETE ON message
BEGIN
    INSERT INTO sync_deleted_messages (guid, recordID) VALUES (OLD.guid, OLD.ck_record_id);
END;

CREATE TRIGGER delete_associated_messages_after_delete_on_message
AFTER DELETE ON message
BEGIN
    DELETE FROM message
     WHERE (OLD.associated_message_guid IS NULL AND associated_message_guid IS NOT NULL AND guid = OLD.associated_message_guid);
END;

CREATE TRIGGER update_message_date_after_update_on_message
AFTER UPDATE OF date ON message
BEGIN
    UPDATE chat_message_join SET message_date = NEW.date WHERE message_id = NEW.ROWID AND message_date != NEW.date;
END;

CREATE TRIGGER update_last_failed_message_date
AFTER UPDATE OF error ON message WHEN NEW.error != 0 AND NEW.date > COALESCE((SELECT value FROM kvtable WHERE key = 'lastFailedMessageDate'), 0)
BEGIN
    INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageDate', NEW.date);
    INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageRowID', NEW.ROWID);
END;

CREATE TRIGGER after_insert_on_message_attachment_join
AFTER INSERT ON message_attachment_join
BEGIN
    UPDATE message SET cache_has_attachments = 1 WHERE message.ROWID = NEW.message_id;
END;

CREATE TRIGGER after_delete_on_message_attachment_join
AFTER DELETE ON message_attachment_join
BEGIN
    DELETE FROM attachment
     WHERE attachment.ROWID = OLD.attachment_id
       AND (SELECT 1 FROM message_attachment_join WHERE attachment_id = OLD.attachment_id LIMIT 1) IS NULL;
END;

CREATE TRIGGER add_to_sync_deleted_attachments
AFTER DELETE ON attachment
BEGIN
    INSERT INTO sync_deleted_attachments (guid, recordID) VALUES (OLD.guid, OLD.ck_record_id);
END;
