-- Reads the attachments that a pass looks at, every column of each, and looks up the messages that they belong to.
SELECT count(*) AS n
  FROM (
    SELECT a.*, (SELECT min(j.message_id) FROM temp.source_message_attachment_join j WHERE j.attachment_id = a.rowid)
      FROM (SELECT * FROM temp.source_attachment WHERE rowid > :after ORDER BY rowid LIMIT :rows + 0) a
    UNION
    SELECT a.*, (SELECT min(j.message_id) FROM temp.source_message_attachment_join j WHERE j.attachment_id = a.rowid)
      FROM json_each(:waiting) w
     CROSS JOIN temp.source_attachment a ON a.rowid = w.value
  )
