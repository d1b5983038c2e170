-- Columns that macOS 26 added.

ALTER TABLE chat ADD COLUMN is_pending_review INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN is_time_sensitive INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN ck_chat_id TEXT;
ALTER TABLE message ADD COLUMN index_state INTEGER DEFAULT 0;
ALTER TABLE chat_message_join ADD COLUMN index_state INTEGER NOT NULL DEFAULT 0;
