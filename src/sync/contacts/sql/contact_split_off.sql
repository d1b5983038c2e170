WITH RECURSIVE branch (id) AS (
  SELECT :from
  UNION
  SELECT m.from_id
    FROM branch b
   CROSS JOIN main.contact_merges m ON m.into_id = b.id
   WHERE m.undone_at IS NULL
)
UPDATE main.contacts
   SET merged_into = iif(id = :from, NULL, :from),
       last_updated = :now
 WHERE id IN (SELECT id FROM branch)
