SELECT id, from_id, into_id, undone_at IS NULL AS stands
  FROM main.contact_merges
 WHERE undone_at IS NULL OR undone_by = 'user'
 ORDER BY id
