DELETE FROM main.follow_ups
 WHERE source_rowid IN (SELECT f.source_rowid FROM main.follow_ups f ORDER BY f.source_rowid LIMIT :limit + 0)
