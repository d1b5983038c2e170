-- Handles, the contacts and identifiers made of them, chats and who is in them.

-- name: addressHandles
INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT h.rowid, h.id, identifier_type(h.id, :region), identifier(h.id, :region)
  FROM temp.source_handle h
 WHERE h.rowid > :after
   AND h.id IS NOT NULL
 ORDER BY h.rowid

-- name: addressChangedHandles
-- Handles that say something else than when they were last looked at, or that came back under their old ROWIDs. New ones
-- stand in addressHandles.
INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT h.rowid, h.id, identifier_type(h.id, :region), identifier(h.id, :region)
  FROM temp.changed_row k
 CROSS JOIN temp.source_handle h ON h.rowid = k.id
  LEFT JOIN main.source_handles s ON s.source_rowid = k.id
 WHERE k.width = 'any'
   AND k.id <= :until
   AND h.id IS NOT NULL
   AND s.said IS NOT CAST(h.id AS TEXT)

-- name: addressChats
-- The other side of a 1:1 chat, also where no handle names it.
INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT NULL, c.chat_identifier, identifier_type(c.chat_identifier, :region), identifier(c.chat_identifier, :region)
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 WHERE c.style = 45
   AND c.chat_identifier <> ''
   AND NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = c.rowid)

-- name: addContacts
-- A contact for every address that we meet for the first time. Cards that all say the same name give it at once;
-- everything harder is for the contact sync to find out. Without a card the address is the name.
INSERT INTO main.contacts (id, name, name_source, data_source, last_updated)
SELECT (SELECT max(id) FROM main.contacts) + row_number() OVER (ORDER BY first),
       coalesce(card_name, identifier),
       iif(card_name IS NULL, 'identifier', 'addressbook'),
       iif(card_name IS NULL, 'messages', 'addressbook'),
       :now
  FROM (
    SELECT a.identifier,
           min(a.rowid) AS first,
           (
             SELECT iif(count(DISTINCT c.name) = 1, max(c.name), NULL)
               FROM main.address_book_identifiers b
              CROSS JOIN main.address_book_cards c ON c.id = b.card_id
              WHERE b.type = a.type AND b.identifier = a.identifier
           ) AS card_name
      FROM temp.address a
     WHERE NOT EXISTS (
       SELECT 1 FROM main.contact_identifiers i WHERE i.type = a.type AND i.identifier = a.identifier
     )
     GROUP BY a.type, a.identifier
     LIMIT -1
  )

-- name: addIdentifiers
-- The same rows in the same order as contacts_of_addresses.sql, so that each meets its contact.
INSERT INTO main.contact_identifiers (contact_id, origin_contact_id, identifier, type, raw, is_primary)
SELECT :last_contact + row_number() OVER (ORDER BY min(a.rowid)),
       :last_contact + row_number() OVER (ORDER BY min(a.rowid)),
       a.identifier,
       a.type,
       a.raw,
       1
  FROM temp.address a
 WHERE NOT EXISTS (
   SELECT 1 FROM main.contact_identifiers i WHERE i.type = a.type AND i.identifier = a.identifier
 )
 GROUP BY a.type, a.identifier

-- name: findRepointedHandles
-- Of those that were known, or could have been, before this pass.
INSERT OR IGNORE INTO temp.repointed_handle (rowid)
SELECT a.handle_rowid
  FROM temp.address a
 CROSS JOIN main.contact_identifiers i ON i.type = a.type AND i.identifier = a.identifier
  LEFT JOIN main.source_handles s ON s.source_rowid = a.handle_rowid
 WHERE a.handle_rowid <= :until
   AND s.identifier_id IS NOT i.id

-- name: putFollowUpsOfHandles
-- Who sent these is somebody else now.
INSERT OR IGNORE INTO main.follow_ups (source_rowid)
SELECT m.rowid
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_message m ON m.handle_id = h.rowid
UNION
SELECT m.rowid
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_message m ON m.other_handle = h.rowid

-- name: putSourceHandles
INSERT INTO main.source_handles (source_rowid, identifier_id, said)
SELECT a.handle_rowid, i.id, CAST(a.raw AS TEXT)
  FROM temp.address a
 CROSS JOIN main.contact_identifiers i ON i.type = a.type AND i.identifier = a.identifier
 WHERE a.handle_rowid IS NOT NULL
ON CONFLICT (source_rowid) DO UPDATE SET identifier_id = excluded.identifier_id, said = excluded.said
 WHERE (identifier_id, said) IS NOT (excluded.identifier_id, excluded.said)

-- name: touchChats
-- Chats to look at: new ones, and those that something happened in (:known = 0, in the first part of the import: of
-- these only the ones that we do not have yet).
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT c.rowid FROM temp.source_chat c WHERE c.rowid > :after
UNION
SELECT k.source_chat
  FROM temp.candidate k
 WHERE k.source_chat IS NOT NULL
   AND (:known OR NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = k.source_chat))

-- name: touchChangedChats
-- Chats that say something else than when they were last looked at, or that came back under their old ROWIDs, and chats
-- whose members came or went.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT c.rowid
  FROM temp.changed_row k
 CROSS JOIN temp.source_chat_said c ON c.rowid = k.id
  LEFT JOIN main.source_chats s ON s.source_rowid = k.id
 WHERE k.width = 'middle'
   AND s.said IS NOT c.said
UNION
SELECT j.chat_id
  FROM temp.changed_row k
 CROSS JOIN temp.source_chat_handle_join j ON j.rowid = k.id
 CROSS JOIN main.source_chats s ON s.source_rowid = j.chat_id
  LEFT JOIN main.source_members m ON m.source_rowid = j.rowid
 WHERE k.width = 'any'
   AND (m.source_chat, m.source_handle) IS NOT (j.chat_id, j.handle_id)
UNION
SELECT m.source_chat
  FROM temp.changed_range r
 CROSS JOIN main.source_members m
    ON m.source_rowid > coalesce(
         (SELECT j.rowid FROM temp.source_chat_handle_join j WHERE j.rowid < r.first ORDER BY j.rowid DESC LIMIT 1), -1
       )
   AND m.source_rowid < coalesce(
         (SELECT j.rowid FROM temp.source_chat_handle_join j WHERE j.rowid > r.last ORDER BY j.rowid LIMIT 1), :most
       )
 CROSS JOIN temp.source_chat c ON c.rowid = m.source_chat
 WHERE r.width = 'any'
   AND NOT EXISTS (SELECT 1 FROM temp.source_chat_handle_join j WHERE j.rowid = m.source_rowid)

-- name: touchRepointedChats
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT j.chat_id
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_chat_handle_join j ON j.handle_id = h.rowid

-- name: putChats
-- One chat of ours for all source chats of one chat_identifier (iMessage, SMS and RCS with one address are one chat).
-- Of those the newest speaks, for the name the newest that has one;
-- archived is what is archived on all services.
INSERT INTO main.chats (chat_identifier, chat_name, is_group, service_name, peer_identifier_id, is_archived)
SELECT identity,
       CASE WHEN is_group THEN display_name ELSE coalesce(contact_name, identity) END,
       is_group,
       service_name,
       peer,
       is_archived
  FROM (
    SELECT coalesce(nullif(c.chat_identifier, ''), c.guid) AS identity,
           max(coalesce(c.style, 0) = 43) AS is_group,
           (SELECT nullif(n.display_name, '') FROM temp.source_chat n
             WHERE (n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier))
               AND n.display_name <> ''
             ORDER BY n.rowid DESC LIMIT 1) AS display_name,
           (SELECT n.service_name FROM temp.source_chat n
             WHERE n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier)
             ORDER BY n.rowid DESC LIMIT 1) AS service_name,
           (SELECT min(coalesce(n.is_archived, 0) <> 0) FROM temp.source_chat n
             WHERE n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier)
           ) AS is_archived,
           i.id AS peer,
           p.name AS contact_name
      FROM temp.candidate_chat k
     CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
      LEFT JOIN main.contact_identifiers i
        ON coalesce(c.style, 0) <> 43
       AND i.type = identifier_type(c.chat_identifier, :region)
       AND i.identifier = identifier(c.chat_identifier, :region)
      LEFT JOIN main.contacts p ON p.id = i.contact_id
     GROUP BY identity
     LIMIT -1
  )
 WHERE true
ON CONFLICT (chat_identifier) DO UPDATE
   SET chat_name = excluded.chat_name,
       is_group = excluded.is_group,
       service_name = excluded.service_name,
       peer_identifier_id = excluded.peer_identifier_id,
       is_archived = excluded.is_archived,
       deleted_at = NULL
 WHERE (chat_name, is_group, service_name, peer_identifier_id, is_archived, deleted_at)
       IS NOT (excluded.chat_name, excluded.is_group, excluded.service_name, excluded.peer_identifier_id,
               excluded.is_archived, NULL)

-- name: putSourceChats
INSERT INTO main.source_chats (source_rowid, guid, chat_id, said)
SELECT c.rowid, c.guid, o.id, t.said
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 CROSS JOIN temp.source_chat_said t ON t.rowid = k.source_rowid
 CROSS JOIN main.chats o ON o.chat_identifier = coalesce(nullif(c.chat_identifier, ''), c.guid)
ON CONFLICT (source_rowid) DO UPDATE
   SET guid = excluded.guid,
       chat_id = excluded.chat_id,
       said = excluded.said
 WHERE (guid, chat_id, said) IS NOT (excluded.guid, excluded.chat_id, excluded.said)

-- name: addMembers
INSERT INTO main.chat_members (chat_id, identifier_id)
SELECT DISTINCT s.chat_id, h.identifier_id
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = k.source_rowid
 CROSS JOIN main.source_handles h ON h.source_rowid = j.handle_id
 WHERE true
ON CONFLICT DO NOTHING

-- name: removeMembers
-- Gone from every source chat that this chat of ours stands for.
DELETE FROM main.chat_members
 WHERE chat_id IN (
   SELECT s.chat_id FROM temp.candidate_chat k CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 )
   AND NOT EXISTS (
     SELECT 1
       FROM main.source_chats s
      CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = s.source_rowid
      CROSS JOIN main.source_handles h ON h.source_rowid = j.handle_id
      WHERE s.chat_id = chat_members.chat_id
        AND h.identifier_id = chat_members.identifier_id
   )

-- name: addParticipants
-- Who is in a chat follows from its members' identifiers and from whose they are.
INSERT INTO main.chat_participants (chat_id, contact_id)
SELECT DISTINCT m.chat_id, i.contact_id
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN main.chat_members m ON m.chat_id = s.chat_id
 CROSS JOIN main.contact_identifiers i ON i.id = m.identifier_id
 WHERE true
ON CONFLICT DO NOTHING

-- name: removeParticipants
DELETE FROM main.chat_participants
 WHERE chat_id IN (
   SELECT s.chat_id FROM temp.candidate_chat k CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 )
   AND NOT EXISTS (
     SELECT 1
       FROM main.chat_members m
      CROSS JOIN main.contact_identifiers i ON i.id = m.identifier_id
      WHERE m.chat_id = chat_participants.chat_id
        AND i.contact_id = chat_participants.contact_id
   )

-- name: addSourceMembers
INSERT INTO main.source_members (source_rowid, source_chat, source_handle)
SELECT j.rowid, j.chat_id, j.handle_id
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = k.source_rowid
 WHERE j.handle_id IS NOT NULL
ON CONFLICT (source_rowid) DO UPDATE SET source_chat = excluded.source_chat, source_handle = excluded.source_handle
 WHERE (source_chat, source_handle) IS NOT (excluded.source_chat, excluded.source_handle)

-- name: removeSourceMembers
DELETE FROM main.source_members
 WHERE source_chat IN (SELECT k.source_rowid FROM temp.candidate_chat k)
   AND NOT EXISTS (
     SELECT 1
       FROM temp.source_chat_handle_join j
      WHERE j.rowid = source_members.source_rowid
        AND j.chat_id = source_members.source_chat
   )
