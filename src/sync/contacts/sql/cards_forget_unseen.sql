DELETE FROM main.address_book_cards
 WHERE store_id = :store
   AND id NOT IN (SELECT s.id FROM temp.seen_card s)
