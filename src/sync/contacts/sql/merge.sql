-- One contact becomes part of another.

-- name: addMerge
INSERT INTO main.contact_merges (from_id, into_id, reason, evidence, created_at)
VALUES (:from, :into, :reason, :evidence, :now)

-- name: mergeContactAway
-- What had been merged into it goes along: merged_into always names a contact that stands for itself.
UPDATE main.contacts
   SET merged_into = :into,
       last_updated = :now
 WHERE id = :from OR merged_into = :from

-- name: moveIdentifiers
UPDATE main.contact_identifiers SET contact_id = :into, is_primary = 0 WHERE contact_id = :from

-- name: takeUserName
-- A person's own name outlives the merge of the contact that had it.
UPDATE main.contacts
   SET user_name = f.user_name,
       name = f.user_name,
       name_source = 'user',
       last_updated = :now
  FROM (SELECT user_name FROM main.contacts WHERE id = :from) f
 WHERE contacts.id = :into
   AND contacts.user_name IS NULL
   AND f.user_name IS NOT NULL

-- name: hasCardName
-- A row where :from is called as one of these cards, or of those linked with them, or as :into is.
SELECT 1
  FROM main.contacts f
 WHERE f.id = :from
   AND f.name_source = 'addressbook'
   AND f.name IN (
     SELECT c.name
       FROM main.address_book_cards c
      WHERE c.unique_id IN (SELECT value FROM json_each(:cards))
     UNION
     SELECT l.name
       FROM main.address_book_cards c
       JOIN main.address_book_cards l ON l.link_id = c.link_id
      WHERE c.unique_id IN (SELECT value FROM json_each(:cards))
     UNION
     SELECT i.name FROM main.contacts i WHERE i.id = :into AND i.name_source = 'addressbook'
   )

-- name: forgetKeysOfDropped
DELETE FROM main.contact_merge_rows
 WHERE merge_id = :merge
   AND table_name = :table
   AND column_name = :column
   AND dropped IS NULL
   AND row_key IN (
     SELECT d.row_key
       FROM main.contact_merge_rows d
      WHERE d.merge_id = :merge AND d.table_name = :table AND d.column_name = :column AND d.dropped IS NOT NULL
   )

-- name: touchChats
-- Where a contact is, is the other side, wrote, reacted, or something happened to or by it.
INSERT OR IGNORE INTO temp.touched_chat (id)
SELECT p.chat_id FROM main.chat_participants p WHERE p.contact_id = :contact
UNION
SELECT c.id
  FROM main.contact_identifiers i
 CROSS JOIN main.chats c ON c.peer_identifier_id = i.id
 WHERE i.contact_id = :contact
UNION
SELECT m.chat_id FROM main.messages m WHERE m.sender_id = :contact
UNION
SELECT r.chat_id FROM main.reactions r WHERE r.sender_id = :contact AND r.chat_id IS NOT NULL
UNION
SELECT e.chat_id FROM main.chat_events e WHERE e.actor_id = :contact
UNION
SELECT e.chat_id FROM main.chat_events e WHERE e.member_id = :contact

-- name: touchTapbacks
-- Two addresses of one person may both have reacted to a message: only the last of these tapbacks stands now. After an
-- undo each stands by itself again.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT r.original_message_guid, r.original_part, s.value
  FROM main.reactions r
 CROSS JOIN json_each(:senders) s
 WHERE r.sender_id = :contact

-- name: setChatNames
-- A 1:1 chat has the name of the contact that its other side belongs to.
UPDATE main.chats
   SET chat_name = p.name
  FROM main.contact_identifiers i
  JOIN main.contacts p ON p.id = i.contact_id
 WHERE i.contact_id = :contact
   AND chats.peer_identifier_id = i.id
   AND chats.is_group = 0
   AND chats.chat_name IS NOT p.name
