-- What each wanted row is, and which chat it is in. A message may be in several chats: the lowest counts.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, deleted_at, target_guid, target_part)
SELECT rowid,
       kind,
       coalesce(shown_in, deleted_from),
       CASE WHEN shown_in IS NULL THEN deleted_at END,
       CASE
         WHEN target GLOB 'p:[0-9]*/*' THEN substr(target, instr(target, '/') + 1)
         WHEN target GLOB 'bp:*' THEN substr(target, 4)
         ELSE target
       END,
       CASE WHEN target GLOB 'p:[0-9]*/*' THEN CAST(substr(target, 3, instr(target, '/') - 3) AS INTEGER) ELSE 0 END
  FROM (
    SELECT m.rowid AS rowid,
           CASE
             WHEN coalesce(m.item_type, 0) <> 0 THEN 'event'
             WHEN m.associated_message_type BETWEEN 2000 AND 2007 OR m.associated_message_type = 1000 THEN 'reaction'
             WHEN m.associated_message_type BETWEEN 3000 AND 3007 THEN 'removal'
             ELSE 'message'
           END AS kind,
           m.associated_message_guid AS target,
           (SELECT min(j.chat_id) FROM temp.source_chat_message_join j WHERE j.message_id = m.rowid) AS shown_in,
           (SELECT min(r.chat_id) FROM temp.source_recoverable_join r WHERE r.message_id = m.rowid) AS deleted_from,
           (SELECT min(r.delete_date) FROM temp.source_recoverable_join r WHERE r.message_id = m.rowid) AS deleted_at
      FROM temp.wanted w
     CROSS JOIN temp.source_message m ON m.rowid = w.rowid
     LIMIT -1
  )
