-- New messages: above the watermark, in ROWID order, one slice.
INSERT INTO temp.wanted (rowid)
SELECT m.rowid
  FROM temp.source_message m
 WHERE m.rowid > :after
 ORDER BY m.rowid
 LIMIT :limit
