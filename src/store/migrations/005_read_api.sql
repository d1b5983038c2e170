-- What the read API counts along. Messages per sender and day come from messages_sender, which has the deleted ones in it:
-- these are taken off. Partial, so that neither an import nor a new message has anything to do with it.
CREATE INDEX messages_sender_deleted ON messages (sender_id, timestamp, deleted_at) WHERE deleted_at IS NOT NULL;

-- Contacts are listed by name, and those without one behind them.
DROP INDEX contacts_name;
CREATE INDEX contacts_name ON contacts ((name_source = 'identifier'), name COLLATE NOCASE, id) WHERE merged_into IS NULL;
