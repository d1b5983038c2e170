-- A page of merges, the newest first, below :before.
SELECT m.id,
       json_object(
         'id', m.id,
         'from_id', m.from_id,
         'into_id', m.into_id,
         'from_name', f.name,
         'into_name', t.name,
         'reason', m.reason,
         'evidence', json(m.evidence),
         'created_at', m.created_at,
         'undone_at', m.undone_at,
         'undone_by', m.undone_by
       ) AS item
  FROM contact_merges m
  JOIN contacts f ON f.id = m.from_id
  JOIN contacts t ON t.id = m.into_id
 WHERE m.id < :before
 ORDER BY m.id DESC
 LIMIT :limit
