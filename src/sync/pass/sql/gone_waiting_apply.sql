-- What waited and is gone waits no more. Joined from what is gone: `IN` with two columns reads all that waits.
DELETE FROM main.pending_rows
 WHERE kind = :kind
   AND source_rowid IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'waiting_' || :kind)
