-- What waited and was deleted in the source waits no more.
DELETE FROM main.pending_rows
 WHERE (kind IN ('message', 'reaction')
        AND NOT EXISTS (SELECT 1 FROM temp.source_message m WHERE m.rowid = pending_rows.source_rowid))
    OR (kind = 'attachment'
        AND NOT EXISTS (SELECT 1 FROM temp.source_attachment a WHERE a.rowid = pending_rows.source_rowid))
