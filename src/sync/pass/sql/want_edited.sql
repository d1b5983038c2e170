-- Messages at hand that were edited or unsent. In the first part of the import (:indexed = 0) there is no index to look
-- them up by: they are the rows behind :last.
INSERT INTO temp.edited (message_id, source_rowid)
SELECT o.id, c.rowid
  FROM temp.candidate c
 CROSS JOIN main.messages o ON o.source_rowid = c.rowid
 WHERE :indexed
   AND c.kind = 'message'
   AND (
     o.date_edited IS NOT NULL
     OR o.date_retracted IS NOT NULL
     OR EXISTS (SELECT 1 FROM main.message_edits e WHERE e.message_id = o.id)
   )
UNION ALL
SELECT o.id, o.source_rowid
  FROM main.messages o
 WHERE NOT :indexed
   AND o.id > :last
   AND (o.date_edited IS NOT NULL OR o.date_retracted IS NOT NULL)
