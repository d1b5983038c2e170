-- ROWIDs of the newest rows of a kind that wait.
SELECT source_rowid FROM main.pending_rows WHERE kind = :kind ORDER BY source_rowid DESC LIMIT :limit + 0
