-- A tapback waits until the message that it belongs to is here.
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason, waits_for)
SELECT 'reaction',
       c.rowid,
       :now,
       iif(c.target_guid IS NULL, 'names no message', 'its message is not here yet'),
       c.target_guid
  FROM temp.candidate c
 WHERE c.kind IN ('reaction', 'removal')
   AND NOT EXISTS (SELECT 1 FROM temp.tapback t WHERE t.rowid = c.rowid)
ON CONFLICT DO NOTHING
