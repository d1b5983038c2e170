-- What waited and was deleted in the source waits no more; of each kind the newest :limit are looked at.
DELETE FROM main.pending_rows
 WHERE (kind, source_rowid) IN (
   SELECT kind, source_rowid
     FROM (
       SELECT * FROM (
         SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'message' ORDER BY source_rowid DESC LIMIT :limit + 0
       )
       UNION ALL
       SELECT * FROM (
         SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'reaction' ORDER BY source_rowid DESC LIMIT :limit + 0
       )
     ) p
    WHERE NOT EXISTS (SELECT 1 FROM temp.source_message m WHERE m.rowid = p.source_rowid)
   UNION ALL
   SELECT kind, source_rowid
     FROM (
       SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'attachment' ORDER BY source_rowid DESC LIMIT :limit + 0
     ) p
    WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment a WHERE a.rowid = p.source_rowid)
 )
