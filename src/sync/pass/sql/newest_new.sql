-- The newest of the candidates, and how it is known again: nothing else than new messages is among them yet.
SELECT c.rowid, m.guid
  FROM (SELECT rowid FROM temp.candidate ORDER BY rowid DESC LIMIT 1) c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
