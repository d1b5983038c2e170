-- A page of merges, the newest first, below :before.
SELECT m.id,
       json_array(m.id) AS key
  FROM main.contact_merges m
 WHERE m.id < :before
 ORDER BY m.id DESC
 LIMIT :limit + 0
