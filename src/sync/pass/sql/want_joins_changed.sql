-- Where it is not known which joins are new: the messages that joins name that commits may have changed.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT j.message_id AS rowid
      FROM temp.changed_row k
     CROSS JOIN temp.source_chat_message_join j ON j.rowid = k.id
     WHERE k.width = 'any'
    UNION
    SELECT r.message_id
      FROM temp.changed_row k
     CROSS JOIN temp.source_recoverable_join r ON r.rowid = k.id
     WHERE k.width = 'any'
     LIMIT -1
  ) joined
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.rowid
 WHERE c.rowid <= :until
