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
