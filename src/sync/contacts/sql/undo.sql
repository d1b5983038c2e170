-- A merge is taken back.

-- name: merge
SELECT m.from_id, m.into_id, m.evidence, m.undone_at, f.merged_into AS root
  FROM main.contact_merges m
  JOIN main.contacts f ON f.id = m.from_id
 WHERE m.id = :merge

-- name: markUndone
UPDATE main.contact_merges SET undone_at = :now, undone_by = :by WHERE id = :merge

-- name: splitOff
WITH RECURSIVE branch (id) AS (
  SELECT :from
  UNION
  SELECT m.from_id
    FROM branch b
   CROSS JOIN main.contact_merges m ON m.into_id = b.id
   WHERE m.undone_at IS NULL
)
UPDATE main.contacts
   SET merged_into = iif(id = :from, NULL, :from),
       last_updated = :now
 WHERE id IN (SELECT id FROM branch)

-- name: findSplitIdentifiers
-- The contact that is split off, and whatever is still merged into it, take their identifiers along.
WITH RECURSIVE branch (id) AS (
  SELECT :from
  UNION
  SELECT m.from_id
    FROM branch b
   CROSS JOIN main.contact_merges m ON m.into_id = b.id
   WHERE m.undone_at IS NULL
)
INSERT INTO temp.split_identifier (id)
SELECT i.id
  FROM branch b
 CROSS JOIN main.contact_identifiers i ON i.origin_contact_id = b.id

-- name: moveIdentifiers
UPDATE main.contact_identifiers
   SET contact_id = :from,
       is_primary = origin_contact_id = :from
 WHERE id IN (SELECT id FROM temp.split_identifier)

-- name: giveUserNameBack
-- The name that came with the merge goes with the undo, unless the person has chosen another one since.
UPDATE main.contacts
   SET user_name = NULL,
       name = :name,
       name_source = :source,
       last_updated = :now
 WHERE id = :into
   AND user_name = (SELECT f.user_name FROM main.contacts f WHERE f.id = :from)

-- name: forgetCardName
-- The card belongs to the other one now: whoever is split off and had its name is called by the address again.
UPDATE main.contacts
   SET name = (SELECT i.identifier FROM main.contact_identifiers i WHERE i.origin_contact_id = :from ORDER BY i.id LIMIT 1),
       name_source = 'identifier',
       nickname = NULL,
       organization = NULL,
       last_updated = :now
 WHERE id = :from
   AND name_source IN ('addressbook', 'addressbook_gone')
   AND (:had_card_name OR name = (SELECT c.name FROM main.contacts c WHERE c.id = :into))

-- name: participantsFollow
INSERT OR IGNORE INTO main.chat_participants (chat_id, contact_id)
SELECT m.chat_id, i.contact_id
  FROM main.contact_identifiers i
 CROSS JOIN main.chat_members m ON m.identifier_id = i.id
 WHERE i.contact_id IN (:from, :into)

-- name: forgetParticipants
DELETE FROM main.chat_participants
 WHERE contact_id IN (:from, :into)
   AND chat_id IN (SELECT m.chat_id FROM temp.split_identifier s CROSS JOIN main.chat_members m ON m.identifier_id = s.id)
