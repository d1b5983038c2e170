-- Forgetting a file of Messages that was replaced.

-- name: forgetSource
-- The file was replaced: its ROWIDs mean other rows now. Ours are found again by GUID.
DELETE FROM main.source_handles;
DELETE FROM main.source_chats;
DELETE FROM main.pending_rows;
DELETE FROM main.source_members;
DELETE FROM main.follow_ups;

-- name: forgetImport
-- What the first part of an import brought so far. Contacts and chats stay: they are found again by their identifiers.
-- Counters are counted anew, as the trigger that keeps them is put aside.
DELETE FROM main.attachments;
DELETE FROM main.message_edits;
DELETE FROM main.messages;
DELETE FROM main.reactions;
DELETE FROM main.reaction_removals;
DELETE FROM main.chat_events;
UPDATE main.chats SET total_messages = 0, last_message_date = NULL, created_date = NULL;
UPDATE main.contact_identifiers SET last_used = NULL;

-- name: forgetMessages
-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.messages
   SET source_rowid = NULL
 WHERE id IN (SELECT o.id FROM main.messages o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)

-- name: forgetAttachments
-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.attachments
   SET source_rowid = NULL
 WHERE id IN (SELECT o.id FROM main.attachments o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)

-- name: forgetChatEvents
-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.chat_events
   SET source_rowid = NULL
 WHERE id IN (SELECT o.id FROM main.chat_events o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)

-- name: forgetReactions
-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.reactions
   SET source_rowid = NULL
 WHERE id IN (SELECT o.id FROM main.reactions o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)

-- name: forgetRemovals
-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.reaction_removals
   SET source_rowid = NULL
 WHERE guid IN (SELECT o.guid FROM main.reaction_removals o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)
