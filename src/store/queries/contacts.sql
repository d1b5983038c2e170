-- Contacts and merges.

-- name: contacts
-- A page of contacts by name, those that stand for themselves: of those that have a name, or (:nameless = 1) of those
-- that are called by their number or address; (:name, :id) is where the page before ended. Each row
-- takes its place by what it is called now, so a contact that keeps its name comes once, whoever else is renamed
-- between two pages. :words NULL: all of them.
SELECT c.id,
       json_array(:nameless, c.name, c.id) AS key
  FROM main.contacts c
 WHERE c.merged_into IS NULL
   AND (c.name_source = 'identifier') = :nameless
   AND c.name COLLATE NOCASE >= :name  -- as (name, id) > (:name, :id), which would not use the index with a collation
   AND (c.name COLLATE NOCASE > :name OR c.id > :id)
   AND (
     :words IS NULL
     OR c.name GLOB :words
     OR c.nickname GLOB :words
     OR c.organization GLOB :words
     OR EXISTS (
       SELECT 1
         FROM main.contact_identifiers s
        WHERE s.contact_id = c.id
          AND (s.identifier GLOB :words OR s.identifier GLOB :number)
     )
   )
 ORDER BY c.name COLLATE NOCASE, c.id
 LIMIT :limit + 0

-- name: contact
-- One contact as the API gives it. `merged_into` is NULL in lists: those who were merged away stand in none.
-- `messages`: in the chats that the contact takes part in, from their counters: to count those of a sender would need an
-- index that the first import does without. NULL for me, who am in every chat.
-- json((SELECT …)): SQLite 3.54 takes what a scalar subquery gives for a text, not for JSON.
SELECT json_object(
         'id', c.id,
         'name', c.name,
         'name_source', c.name_source,
         'nickname', c.nickname,
         'organization', c.organization,
         'is_me', json(iif(c.is_me, 'true', 'false')),
         'data_source', c.data_source,
         'merged_into', c.merged_into,
         'last_updated', c.last_updated,
         'messages', iif(c.is_me, NULL, (
           SELECT coalesce(sum(h.total_messages), 0)
             FROM main.chat_participants p
             JOIN main.chats h ON h.id = p.chat_id
            WHERE p.contact_id = c.id
         )),
         'identifiers', json((
           SELECT json_group_array(
                    json_object(
                      'id', i.id,
                      'identifier', i.identifier,
                      'type', i.type,
                      'is_primary', json(iif(i.is_primary, 'true', 'false')),
                      'is_shared', json(iif(i.is_shared, 'true', 'false')),
                      'last_used', i.last_used
                    ) ORDER BY i.id
                  )
             FROM main.contact_identifiers i
            WHERE i.contact_id = c.id
         ))
       ) AS item
  FROM main.contacts c
 WHERE c.id = :id

-- name: merges
-- A page of merges, the newest first, below :before.
SELECT m.id,
       json_array(m.id) AS key
  FROM main.contact_merges m
 WHERE m.id < :before
 ORDER BY m.id DESC
 LIMIT :limit + 0

-- name: merge
-- One merge as the API gives it; the names are what the two are called now. What the undo needs to know stays inside.
SELECT json_object(
         'id', m.id,
         'from_id', m.from_id,
         'into_id', m.into_id,
         'from_name', f.name,
         'into_name', t.name,
         'reason', m.reason,
         'evidence', json_object(
           'cards', m.evidence -> '$.cards',
           'identifiers', m.evidence -> '$.identifiers',
           'national', coalesce(m.evidence -> '$.national', json('[]'))
         ),
         'created_at', m.created_at,
         'undone_at', m.undone_at,
         'undone_by', m.undone_by
       ) AS item
  FROM main.contact_merges m
  JOIN main.contacts f ON f.id = m.from_id
  JOIN main.contacts t ON t.id = m.into_id
 WHERE m.id = :id
