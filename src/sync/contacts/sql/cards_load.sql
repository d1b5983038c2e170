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
