-- By hand and not by ON DELETE CASCADE: during the first import foreign keys are not looked at.
DELETE FROM main.address_book_identifiers
 WHERE card_id IN (
   SELECT c.id
     FROM main.address_book_cards c
    WHERE c.store_id = :store AND c.id NOT IN (SELECT s.id FROM temp.seen_card s)
 )
