-- What is known of people before a sync of contacts decides.

-- name: cards
SELECT c.id,
       c.unique_id,
       c.link_id,
       c.is_me,
       c.name,
       c.nickname,
       c.organization,
       c.preferred_for_name,
       c.modified_at,
       (SELECT json_group_array(json_array(i.type, i.identifier, i.national))
          FROM main.address_book_identifiers i WHERE i.card_id = c.id) AS identifiers
  FROM main.address_book_cards c
 WHERE c.id > :after
 ORDER BY c.id
 LIMIT :limit + 0

-- name: contacts
SELECT id, name, name_source, nickname, organization, is_me, user_name FROM main.contacts ORDER BY id

-- name: identifiers
SELECT id, type, identifier, contact_id, origin_contact_id, is_shared FROM main.contact_identifiers ORDER BY id

-- name: merges
SELECT id, from_id, into_id, undone_at IS NULL AS stands
  FROM main.contact_merges
 WHERE undone_at IS NULL OR undone_by = 'user'
 ORDER BY id
