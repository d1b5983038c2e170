-- What macOS 13 brought besides columns: Recently Deleted; from public dumps.

CREATE TABLE chat_recoverable_message_join (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  delete_date INTEGER,
  ck_sync_state INTEGER DEFAULT 0,
  PRIMARY KEY (chat_id, message_id),
  CHECK (delete_date != 0)
);
CREATE TABLE recoverable_message_part (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  part_index INTEGER,
  delete_date INTEGER,
  part_text BLOB NOT NULL,
  ck_sync_state INTEGER DEFAULT 0,
  PRIMARY KEY (chat_id, message_id, part_index),
  CHECK (delete_date != 0)
);
CREATE TABLE unsynced_removed_recoverable_messages (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  chat_guid TEXT NOT NULL,
  message_guid TEXT NOT NULL,
  part_index INTEGER
);

CREATE INDEX chat_idx_group_id ON chat (group_id);
CREATE INDEX message_idx_handle_id ON message (handle_id);
CREATE INDEX message_idx_isRead_isFromMe_itemType ON message (is_read, is_from_me, item_type);
CREATE INDEX message_idx_is_sent_is_from_me_error ON message (is_sent, is_from_me, error);
CREATE INDEX message_idx_undelivered_one_to_one_imessage ON message (cache_roomnames, service, is_sent, is_delivered, was_downgraded, item_type) WHERE cache_roomnames IS NULL AND service = 'iMessage' AND is_sent = 1 AND is_delivered = 0 AND was_downgraded = 0 AND item_type == 0;
CREATE INDEX attachment_idx_purged_attachments_v2 ON attachment (hide_attachment, ck_sync_state, transfer_state) WHERE hide_attachment = 0 AND (ck_sync_state = 1 OR ck_sync_state = 4) AND transfer_state = 0;

DROP TRIGGER after_delete_on_chat_message_join;
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

CREATE TRIGGER delete_associated_messages_after_delete_on_message
AFTER DELETE ON message
BEGIN
    DELETE FROM message
     WHERE (OLD.associated_message_guid IS NULL AND associated_message_guid IS NOT NULL AND guid = OLD.associated_message_guid);
END;

CREATE TRIGGER update_last_failed_message_date
AFTER UPDATE OF error ON message WHEN NEW.error != 0 AND NEW.date > COALESCE((SELECT value FROM kvtable WHERE key = 'lastFailedMessageDate'), 0)
BEGIN
    INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageDate', NEW.date);
    INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageRowID', NEW.ROWID);
END;
