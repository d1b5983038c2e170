-- Last of the slice that want_tapbacks_waiting.sql takes, if the slice is full; NULL: the sweep is through.
SELECT CASE WHEN count(*) = :limit THEN max(source_rowid) END AS top
  FROM (
    SELECT p.source_rowid
      FROM main.pending_rows p
     WHERE p.kind = 'reaction'
       AND p.source_rowid > :after
       AND EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = p.waits_for)
     ORDER BY p.source_rowid
     LIMIT :limit + 0
  )
