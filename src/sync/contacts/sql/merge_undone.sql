UPDATE main.contact_merges SET undone_at = :now, undone_by = :by WHERE id = :merge
