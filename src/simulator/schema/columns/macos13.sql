-- Columns that macOS 13 added.
-- A fresh file has them in tables_macos13.sql.

ALTER TABLE chat ADD COLUMN syndication_date INTEGER DEFAULT 0;
ALTER TABLE chat ADD COLUMN syndication_type INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN syndication_ranges TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN synced_syndication_ranges TEXT DEFAULT NULL;
ALTER TABLE message ADD COLUMN was_delivered_quietly INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN did_notify_recipient INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN date_retracted INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN date_edited INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN was_detonated INTEGER DEFAULT 0;
ALTER TABLE message ADD COLUMN part_count INTEGER;
ALTER TABLE attachment ADD COLUMN is_commsafety_sensitive INTEGER DEFAULT 0;
