-- New messages: above the watermark, in ROWID order, one slice.
INSERT INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT rowid, kind, source_chat, target_guid, target_part
  FROM temp.source_candidate
 WHERE rowid > :after
 ORDER BY rowid
 LIMIT :limit + 0
