-- A message in no chat may be in Recently Deleted: then it belongs to the (lowest) chat that it was deleted from.
UPDATE temp.candidate
   SET source_chat = (
         SELECT min(r.chat_id)
           FROM temp.source_recoverable_join r
          CROSS JOIN temp.source_chat c ON c.rowid = r.chat_id
          WHERE r.message_id = candidate.rowid
       ),
       deleted_at = (SELECT min(r.delete_date) FROM temp.source_recoverable_join r WHERE r.message_id = candidate.rowid)
 WHERE source_chat IS NULL
