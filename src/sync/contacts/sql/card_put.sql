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
