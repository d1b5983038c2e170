-- What follows rows that change, and rows that go.

-- Why Messages could not send it: Apple's code; NULL when nothing is wrong.
ALTER TABLE messages ADD COLUMN send_error INTEGER;
ALTER TABLE chats ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
-- An attachment that Messages no longer has stays as a row without name and path.
ALTER TABLE attachments ADD COLUMN deleted_at INTEGER;
-- When the tapback's own row was found to be gone from Messages' database.
ALTER TABLE reactions ADD COLUMN gone_at INTEGER;

-- Rows that Messages' database does not have although nobody said that they were deleted: it was restored from an older
-- copy. (A message that is gone for good has no source_rowid either, and deleted_at.)
CREATE INDEX messages_not_in_source ON messages (id) WHERE source_rowid IS NULL AND deleted_at IS NULL;
CREATE INDEX reaction_removals_source_rowid ON reaction_removals (source_rowid);

-- What Messages' row said when it was last looked at, as text: a row that says the same need not be looked at closer.
ALTER TABLE source_chats ADD COLUMN said TEXT;
ALTER TABLE source_handles ADD COLUMN said TEXT;

-- Messages' own rows of who is in which chat: one that is deleted no longer tells whom it named.
CREATE TABLE source_members (
  source_rowid INTEGER PRIMARY KEY,
  source_chat INTEGER NOT NULL,
  source_handle INTEGER NOT NULL
);
CREATE INDEX source_members_chat ON source_members (source_chat);

-- Which message an event speaks of, so that its text can be taken out of what is kept.
ALTER TABLE sync_events ADD COLUMN message_id INTEGER;
UPDATE sync_events
   SET message_id = CASE event
         WHEN 'message.created' THEN json_extract(data, '$.message.id')
         ELSE json_extract(data, '$.message_id')
       END
 WHERE event IN ('message.created', 'message.updated');
CREATE INDEX sync_events_message ON sync_events (message_id) WHERE message_id IS NOT NULL;

-- Unsent, in whole or in part, or deleted for good: what was said is in no event that is kept. The event of the change
-- itself is written after this. What still stands, as other parts were unsent, is not said again, and stays.
CREATE TRIGGER messages_text_taken_back AFTER UPDATE OF content, date_retracted, deleted_at, source_rowid ON messages
  WHEN (NEW.date_retracted IS NOT NULL AND (NEW.date_retracted, NEW.content) IS NOT (OLD.date_retracted, OLD.content))
    -- The text may have gone in one commit and the row in a later one.
    OR (
      NEW.deleted_at IS NOT NULL
      AND NEW.content IS NULL
      AND (OLD.content IS NOT NULL OR OLD.deleted_at IS NULL OR (OLD.source_rowid IS NOT NULL AND NEW.source_rowid IS NULL))
    )
BEGIN
  UPDATE sync_events
     SET data = json_set(data, '$.message.content', NULL)
   WHERE message_id = NEW.id
     AND event = 'message.created'
     AND (NEW.content IS NULL OR json_extract(data, '$.message.content') IS NOT NEW.content);
  UPDATE sync_events
     SET data = json_set(data, '$.values.content', NULL)
   WHERE message_id = NEW.id
     AND event = 'message.updated'
     AND json_type(data, '$.values.content') IS NOT NULL
     AND (NEW.content IS NULL OR json_extract(data, '$.values.content') IS NOT NEW.content);
END;

-- Messages to look at in a later pass, as one changed what they hang on (a handle that names somebody else, a chat that is
-- gone). Stored with that pass, so that a kill in between loses none.
CREATE TABLE follow_ups (source_rowid INTEGER PRIMARY KEY);

-- A message whose sender or time is corrected: the newest one counts, of the one that it was from, too. By the index on
-- the sender's contact; that of the row at hand says the new one already.
CREATE TRIGGER messages_update_last_used AFTER UPDATE OF sender_identifier_id, timestamp ON messages
  WHEN (OLD.sender_identifier_id, OLD.timestamp) IS NOT (NEW.sender_identifier_id, NEW.timestamp)
BEGIN
  UPDATE contact_identifiers
     SET last_used = (
           SELECT m.timestamp
             FROM messages m
            WHERE m.sender_id = contact_identifiers.contact_id
              AND m.sender_identifier_id = contact_identifiers.id
            ORDER BY m.timestamp DESC
            LIMIT 1
         )
   WHERE id = OLD.sender_identifier_id AND last_used <= OLD.timestamp;
  UPDATE contact_identifiers
     SET last_used = NEW.timestamp
   WHERE id = NEW.sender_identifier_id AND (last_used IS NULL OR last_used < NEW.timestamp);
END;
