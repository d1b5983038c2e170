-- Reads the messages that a pass looks at, every column of each: UNION has to compare them. :waiting is JSON.
SELECT count(*) AS n
  FROM (
    SELECT * FROM (SELECT * FROM temp.source_message WHERE rowid > :after ORDER BY rowid LIMIT :rows + 0)
    UNION
    SELECT * FROM (SELECT * FROM temp.source_message WHERE rowid <= :after ORDER BY rowid DESC LIMIT :recent + 0)
    UNION
    SELECT m.* FROM json_each(:waiting) w CROSS JOIN temp.source_message m ON m.rowid = w.value
  )
