-- All releases since macOS 10.13: the small tables, indexes and triggers; from public dumps.
-- Triggers left out, here and in the later releases' files: those that call functions of Apple's process. SQLite refuses
-- ours in a trigger (we register functions as SQLITE_DIRECTONLY). They delete an attachment's file or a plug-in's data
-- (after_delete_on_message_plugin, before_delete_on_attachment, after_delete_on_attachment), and on macOS 26 check a chat's
-- GUID (verify_chat_insert, verify_chat_update) and tell iCloud of a deleted chat (two before DELETE ON chat).

CREATE TABLE _SqliteDatabaseProperties (
  key TEXT,
  value TEXT,
  UNIQUE (key)
);
CREATE TABLE chat_message_join (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  message_date INTEGER DEFAULT 0,
  PRIMARY KEY (chat_id, message_id)
);
CREATE TABLE chat_handle_join (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  handle_id INTEGER REFERENCES handle (ROWID) ON DELETE CASCADE,
  UNIQUE (chat_id, handle_id)
);
CREATE TABLE message_attachment_join (
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  attachment_id INTEGER REFERENCES attachment (ROWID) ON DELETE CASCADE,
  UNIQUE (message_id, attachment_id)
);
CREATE TABLE deleted_messages (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL
);
CREATE TABLE sync_deleted_messages (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  recordID TEXT
);
CREATE TABLE sync_deleted_attachments (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  recordID TEXT
);
CREATE TABLE sync_deleted_chats (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  recordID TEXT,
  timestamp INTEGER
);
CREATE TABLE kvtable (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  key TEXT UNIQUE NOT NULL,
  value BLOB NOT NULL
);
CREATE TABLE message_processing_task (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  task_flags INTEGER NOT NULL
);

CREATE INDEX chat_idx_chat_identifier ON chat (chat_identifier);
CREATE INDEX chat_idx_chat_identifier_service_name ON chat (chat_identifier, service_name);
CREATE INDEX chat_idx_chat_room_name_service_name ON chat (room_name, service_name);
CREATE INDEX chat_idx_is_archived ON chat (is_archived);
CREATE INDEX chat_handle_join_idx_handle_id ON chat_handle_join (handle_id);
CREATE INDEX chat_message_join_idx_chat_id ON chat_message_join (chat_id);
CREATE INDEX chat_message_join_idx_message_id_only ON chat_message_join (message_id);
CREATE INDEX chat_message_join_idx_message_date_id_chat_id ON chat_message_join (chat_id, message_date, message_id);
CREATE INDEX message_attachment_join_idx_message_id ON message_attachment_join (message_id);
CREATE INDEX message_attachment_join_idx_attachment_id ON message_attachment_join (attachment_id);
CREATE INDEX message_idx_date ON message (date);
CREATE INDEX message_idx_handle ON message (handle_id, date);
CREATE INDEX message_idx_other_handle ON message (other_handle);
CREATE INDEX message_idx_associated_message ON message (associated_message_guid);
CREATE INDEX message_idx_cache_has_attachments ON message (cache_has_attachments);
CREATE INDEX message_idx_expire_state ON message (expire_state);
CREATE INDEX message_idx_failed ON message (is_finished, is_from_me, error);
CREATE INDEX message_idx_is_read ON message (is_read, is_from_me, is_finished);
CREATE INDEX message_idx_was_downgraded ON message (was_downgraded);
CREATE INDEX message_processing_task_idx_guid_task_flags ON message_processing_task (guid, task_flags);

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
       AND OLD.message_id NOT IN (SELECT message_id FROM chat_message_join WHERE message_id = OLD.message_id LIMIT 1);
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

CREATE TRIGGER update_message_date_after_update_on_message
AFTER UPDATE OF date ON message
BEGIN
    UPDATE chat_message_join SET message_date = NEW.date WHERE message_id = NEW.ROWID AND message_date != NEW.date;
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
