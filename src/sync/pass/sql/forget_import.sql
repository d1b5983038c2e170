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
