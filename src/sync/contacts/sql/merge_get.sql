SELECT m.from_id, m.into_id, m.evidence, m.undone_at, f.merged_into AS root
  FROM main.contact_merges m
  JOIN main.contacts f ON f.id = m.from_id
 WHERE m.id = :merge
