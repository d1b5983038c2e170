-- Our copy of the cards.

-- name: putCard
INSERT INTO main.address_book_cards (
  store_id, unique_id, link_id, is_me, name, nickname, organization, preferred_for_name, modified_at, raw
)
VALUES (
  :store, :unique_id, :link_id, :is_me, :name, :nickname, :organization, :preferred_for_name, :modified_at, :raw
)
ON CONFLICT (store_id, unique_id) DO UPDATE
   SET link_id = excluded.link_id,
       is_me = excluded.is_me,
       name = excluded.name,
       nickname = excluded.nickname,
       organization = excluded.organization,
       preferred_for_name = excluded.preferred_for_name,
       modified_at = excluded.modified_at,
       raw = excluded.raw
RETURNING id

-- name: forgetUnseenIdentifiers
-- By hand and not by ON DELETE CASCADE: during the first import foreign keys are not looked at.
DELETE FROM main.address_book_identifiers
 WHERE card_id IN (
   SELECT c.id
     FROM main.address_book_cards c
    WHERE c.store_id = :store AND c.id NOT IN (SELECT s.id FROM temp.seen_card s)
 )

-- name: forgetUnseenCards
DELETE FROM main.address_book_cards
 WHERE store_id = :store
   AND id NOT IN (SELECT s.id FROM temp.seen_card s)

-- name: putStore
INSERT INTO main.address_book_stores (path) VALUES (:path) ON CONFLICT (path) DO NOTHING
