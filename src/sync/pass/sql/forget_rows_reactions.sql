-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.reactions
   SET source_rowid = NULL
 WHERE id IN (SELECT o.id FROM main.reactions o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)
