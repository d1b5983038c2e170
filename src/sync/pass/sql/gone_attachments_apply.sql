-- The row stays, without what the file was called.
UPDATE main.attachments
   SET deleted_at = :now,
       file_name = NULL,
       path = NULL,
       source_rowid = NULL
 WHERE id IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'attachment')
