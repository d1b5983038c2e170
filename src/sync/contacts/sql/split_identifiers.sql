-- The contact that is split off, and whatever is still merged into it, take their identifiers along.
WITH RECURSIVE branch (id) AS (
  SELECT :from
  UNION
  SELECT m.from_id
    FROM branch b
   CROSS JOIN main.contact_merges m ON m.into_id = b.id
   WHERE m.undone_at IS NULL
)
INSERT INTO temp.split_identifier (id)
SELECT i.id
  FROM branch b
 CROSS JOIN main.contact_identifiers i ON i.origin_contact_id = b.id
