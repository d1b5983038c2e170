-- What macOS 26 brought besides columns; from public dumps.

CREATE TABLE chat_lookup (
  identifier TEXT NOT NULL,
  domain TEXT NOT NULL,
  chat INTEGER NOT NULL REFERENCES chat (ROWID) ON UPDATE CASCADE ON DELETE CASCADE,
  priority INTEGER DEFAULT 0,
  UNIQUE (identifier, domain)
);
CREATE TABLE chat_service (
  service TEXT NOT NULL,
  chat INTEGER NOT NULL REFERENCES chat (ROWID) ON UPDATE CASCADE ON DELETE CASCADE,
  UNIQUE (service, chat)
);
CREATE TABLE sync_chat_slice (
  service_name TEXT NOT NULL,
  ck_record_id TEXT,
  chat INTEGER NOT NULL REFERENCES chat (ROWID) ON UPDATE CASCADE ON DELETE CASCADE,
  UNIQUE (chat, service_name),
  UNIQUE (ck_record_id)
);
CREATE TABLE persistent_tasks (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  flag_group INTEGER NOT NULL,
  flag INTEGER NOT NULL,
  flag_priority INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  reason_priority INTEGER NOT NULL,
  user_info BLOB,
  retry_count INTEGER DEFAULT 0,
  UNIQUE (guid, flag)
);
CREATE TABLE index_state_metrics (
  id INTEGER UNIQUE DEFAULT 1,
  pending_count INTEGER DEFAULT 0,
  donated_count INTEGER DEFAULT 0,
  redonation_count INTEGER DEFAULT 0,
  UNIQUE (id)
);
INSERT INTO index_state_metrics DEFAULT VALUES;

-- A queue of work that has no row between two runs, so it can be made anew.
DROP TABLE message_processing_task;
CREATE TABLE message_processing_task (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT UNIQUE NOT NULL,
  task_flags INTEGER NOT NULL,
  reasons INTEGER NOT NULL
);
CREATE INDEX message_processing_task_idx_guid_task_flags ON message_processing_task (guid, task_flags);

DROP INDEX message_idx_isRead_isFromMe_itemType;
DROP INDEX message_idx_is_scheduled_message;
CREATE INDEX message_idx_is_scheduled_message ON message (schedule_type, rowid) WHERE schedule_type = 2;
CREATE INDEX attachment_idx_ck_sync_state ON attachment (ck_sync_state);
CREATE INDEX attachment_idx_is_sticker_pgen_state ON attachment (is_sticker, filename, preview_generation_state) WHERE is_sticker = 1;
CREATE INDEX chat_idx_ck_sync_state ON chat (ck_sync_state);
CREATE INDEX chat_idx_is_filtered ON chat (is_filtered);
CREATE INDEX chat_idx_is_archived_is_filtered ON chat (is_archived, is_filtered) WHERE is_archived = 0;
CREATE INDEX chat_message_join_idx_message_date_and_id ON chat_message_join (message_date, message_id);
CREATE INDEX chat_message_join_idx_message_date_only ON chat_message_join (message_date);
CREATE INDEX chat_message_join_idx_metrics_rebuild ON chat_message_join (index_state) WHERE index_state = 0 OR index_state = 1 OR index_state = 3;
CREATE INDEX handle_idx_id ON handle (id, rowid);
CREATE INDEX handle_idx_person_centric_id ON handle (person_centric_id) WHERE person_centric_id IS NOT NULL;
CREATE INDEX message_idx_ck_sync_state_service ON message (ck_sync_state, service);
CREATE INDEX message_idx_composite_scheduled_message ON message (schedule_type, schedule_state);
CREATE INDEX message_idx_indexed_messages_guid ON message (guid) WHERE index_state = 1;
CREATE INDEX message_idx_invalid_index_state ON message (rowid) WHERE index_state != 2 AND (((associated_message_type NOT BETWEEN 2000 AND 2007) AND associated_message_type != 0) OR item_type != 0);
CREATE INDEX message_idx_pending_indexing_messages ON message (rowid) WHERE index_state = 1 OR index_state = 3;
CREATE INDEX message_idx_isRead_isFromMe_itemType ON message (is_read, is_from_me, item_type, is_finished, is_system_message, date DESC) WHERE is_read = 0 AND is_from_me = 0 AND item_type = 0 AND is_finished = 1 AND is_system_message = 0;
CREATE INDEX message_idx_isRead_1_isFromMe_0_itemType_0_isFinished_1_isSystemMessage_0 ON message (is_read, is_from_me, item_type, is_finished, is_system_message, date DESC) WHERE is_read = 1 AND is_from_me = 0 AND item_type = 0 AND is_finished = 1 AND is_system_message = 0;
CREATE INDEX message_idx_unread_finished_not_from_me_newest_first ON message (is_read, is_finished, is_from_me, date DESC, ROWID DESC) WHERE is_read = 0 AND is_finished = 1 AND is_from_me = 0;
CREATE INDEX message_idx_is_time_sensitive ON message (is_time_sensitive) WHERE is_time_sensitive = 1;
CREATE INDEX persistent_tasks_exec_sort ON persistent_tasks (lane DESC, flag_group ASC, flag_priority DESC, reason_priority DESC, retry_count ASC);
CREATE INDEX persistent_tasks_report ON persistent_tasks (flag, flag_group, lane, reason, retry_count) WHERE retry_count < 5;

CREATE TRIGGER chat_service_on_insert_chat_message_join
AFTER INSERT ON chat_message_join
BEGIN
    INSERT INTO chat_service (service, chat)
    SELECT m.service, NEW.chat_id FROM message m WHERE m.rowid = NEW.message_id
    ON CONFLICT (service, chat) DO NOTHING;
END;

CREATE TRIGGER message_index_state_propagation
AFTER UPDATE OF index_state ON message
BEGIN
    UPDATE chat_message_join SET index_state = NEW.index_state WHERE message_id = NEW.rowid;
END;

CREATE TRIGGER message_index_state_clear
AFTER DELETE ON chat_message_join WHEN OLD.index_state = 1 OR OLD.index_state = 3
BEGIN
    UPDATE message SET index_state = 0 WHERE message.rowid = OLD.message_id;
END;

CREATE TRIGGER index_metrics_insert_propagation
AFTER INSERT ON chat_message_join WHEN NEW.index_state != 2
BEGIN
    UPDATE index_state_metrics
       SET pending_count = pending_count + CASE WHEN NEW.index_state = 0 THEN 1 ELSE 0 END,
           donated_count = donated_count + CASE WHEN NEW.index_state = 1 THEN 1 ELSE 0 END,
           redonation_count = redonation_count + CASE WHEN NEW.index_state = 3 THEN 1 ELSE 0 END
     WHERE id = 1;
END;

CREATE TRIGGER index_metrics_delete_propagation
AFTER DELETE ON chat_message_join WHEN OLD.index_state != 2
BEGIN
    UPDATE index_state_metrics
       SET pending_count = pending_count - CASE WHEN OLD.index_state = 0 THEN 1 ELSE 0 END,
           donated_count = donated_count - CASE WHEN OLD.index_state = 1 THEN 1 ELSE 0 END,
           redonation_count = redonation_count - CASE WHEN OLD.index_state = 3 THEN 1 ELSE 0 END
     WHERE id = 1;
END;

CREATE TRIGGER index_metrics_update_propagation
AFTER UPDATE OF index_state ON chat_message_join
BEGIN
    UPDATE index_state_metrics
       SET pending_count = pending_count + CASE WHEN NEW.index_state = 0 THEN 1 ELSE 0 END - CASE WHEN OLD.index_state = 0 THEN 1 ELSE 0 END,
           donated_count = donated_count + CASE WHEN NEW.index_state = 1 THEN 1 ELSE 0 END - CASE WHEN OLD.index_state = 1 THEN 1 ELSE 0 END,
           redonation_count = redonation_count + CASE WHEN NEW.index_state = 3 THEN 1 ELSE 0 END - CASE WHEN OLD.index_state = 3 THEN 1 ELSE 0 END
     WHERE id = 1;
END;
