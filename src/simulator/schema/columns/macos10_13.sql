-- Columns that macOS 10.13 added (inferred): what iCloud needs.

ALTER TABLE chat ADD COLUMN server_change_token TEXT;
ALTER TABLE chat ADD COLUMN ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE chat ADD COLUMN original_group_id TEXT DEFAULT NULL;
ALTER TABLE chat ADD COLUMN last_read_message_timestamp INTEGER DEFAULT 0;
ALTER TABLE chat ADD COLUMN sr_server_change_token TEXT;
ALTER TABLE chat ADD COLUMN sr_ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE chat ADD COLUMN cloudkit_record_id TEXT DEFAULT NULL;
ALTER TABLE chat ADD COLUMN sr_cloudkit_record_id TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN ck_record_id TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN ck_record_change_tag TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN destination_caller_id TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN sr_ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN sr_ck_record_id TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN sr_ck_record_change_tag TEXT DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE attachment ADD COLUMN ck_server_change_token_blob BLOB DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN ck_record_id TEXT DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN original_guid TEXT;
ALTER TABLE attachment ADD COLUMN sr_ck_sync_state INTEGER DEFAULT 0;
ALTER TABLE attachment ADD COLUMN sr_ck_server_change_token_blob BLOB DEFAULT NULL;
ALTER TABLE attachment ADD COLUMN sr_ck_record_id TEXT DEFAULT NULL;
