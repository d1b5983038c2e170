-- The row stays, without what was said. In Recently Deleted before: it keeps the time of that.
UPDATE main.messages
   SET deleted_at = coalesce(deleted_at, :now),
       content = NULL,
       undecodable = 0,
       source_rowid = NULL
 WHERE id IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'message')
