-- Every card of a store: reads all of them, so that a damaged page shows.
SELECT count(*) AS cards, count(r.unique_id) AS with_id, sum(length(r.first_name || r.last_name)) AS letters
FROM temp.card_record r
JOIN temp.card_entity e ON e.entity = r.entity
WHERE e.entity_name = 'ABCDContact'
