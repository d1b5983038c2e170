INSERT INTO temp.candidate_attachment (rowid)
SELECT a.rowid
  FROM temp.source_attachment a
 WHERE a.rowid > :after
 ORDER BY a.rowid
 LIMIT :limit + 0
