-- What macOS 15 brought besides columns; from public dumps.

CREATE TABLE scheduled_messages_pending_cloudkit_delete (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE,
  guid TEXT NOT NULL,
  recordID TEXT
);

DROP INDEX message_idx_associated_message;
DROP INDEX message_idx_undelivered_one_to_one_imessage;
CREATE INDEX message_idx_associated_message2 ON message (associated_message_guid) WHERE associated_message_guid IS NOT NULL;
CREATE INDEX message_idx_undelivered_one_to_one_imessage ON message (cache_roomnames, service, is_sent, is_delivered, was_downgraded, item_type) WHERE cache_roomnames IS NULL AND service IN ('iMessage', 'RCS') AND is_sent = 1 AND is_delivered = 0 AND was_downgraded = 0 AND item_type == 0 AND schedule_type == 0;
CREATE INDEX attachment_idx_is_sticker ON attachment (is_sticker);
CREATE INDEX chat_recoverable_message_join_message_id_idx ON chat_recoverable_message_join (message_id);
CREATE INDEX message_idx_schedule_state ON message (schedule_state);
CREATE INDEX message_idx_is_pending_satellite_message ON message (is_pending_satellite_send) WHERE is_pending_satellite_send = 1;
CREATE INDEX message_idx_is_scheduled_message ON message (schedule_type) WHERE schedule_type = 2;
CREATE INDEX message_idx_fallback_hash ON message (fallback_hash) WHERE fallback_hash IS NOT NULL;
