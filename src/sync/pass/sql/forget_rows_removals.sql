-- The file was replaced: a slice of our rows that still name a row of the old one.
UPDATE main.reaction_removals
   SET source_rowid = NULL
 WHERE guid IN (SELECT o.guid FROM main.reaction_removals o WHERE o.source_rowid IS NOT NULL LIMIT :rows + 0)
