-- One merge as the API gives it; the names are what the two are called now. What the undo needs to know stays inside.
SELECT json_object(
         'id', m.id,
         'from_id', m.from_id,
         'into_id', m.into_id,
         'from_name', f.name,
         'into_name', t.name,
         'reason', m.reason,
         'evidence', json_object(
           'cards', m.evidence -> '$.cards',
           'identifiers', m.evidence -> '$.identifiers',
           'national', coalesce(m.evidence -> '$.national', json('[]'))
         ),
         'created_at', m.created_at,
         'undone_at', m.undone_at,
         'undone_by', m.undone_by
       ) AS item
  FROM main.contact_merges m
  JOIN main.contacts f ON f.id = m.from_id
  JOIN main.contacts t ON t.id = m.into_id
 WHERE m.id = :id
