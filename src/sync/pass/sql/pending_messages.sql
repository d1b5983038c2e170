-- Without a chat a message waits here, counted and looked at again at every pass, and holds up nobody.
-- :indexed is 0 in the first part of the import: nothing that we have already can turn up then, and there is no index
-- to ask.
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason)
SELECT 'message', c.rowid, :now, 'no chat yet'
  FROM temp.candidate c
 WHERE c.kind IN ('message', 'event')
   AND (
     c.source_chat IS NULL
     OR c.source_chat IN (
       SELECT k.source_rowid FROM temp.candidate_chat k
        WHERE NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = k.source_rowid)
     )
   )
   AND NOT (:indexed AND (
     EXISTS (SELECT 1 FROM temp.source_message s CROSS JOIN main.messages m ON m.guid = s.guid WHERE s.rowid = c.rowid)
     OR EXISTS (SELECT 1 FROM temp.source_message s CROSS JOIN main.chat_events e ON e.guid = s.guid WHERE s.rowid = c.rowid)
   ))
ON CONFLICT DO NOTHING
