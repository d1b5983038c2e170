-- Columns that macOS 15 added.

ALTER TABLE message ADD COLUMN associated_message_emoji TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN is_pending_satellite_send INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN needs_relay INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN schedule_type INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN schedule_state INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN sent_or_received_off_grid INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN date_recovered INTEGER DEFAULT 0;
ALTER TABLE attachment ADD COLUMN emoji_image_content_identifier TEXT DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN emoji_image_short_description TEXT DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN preview_generation_state INTEGER DEFAULT 0;
