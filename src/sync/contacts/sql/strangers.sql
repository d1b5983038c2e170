-- Who wrote in the pass that has just ended and has no name.
SELECT DISTINCT m.sender_identifier_id AS id
  FROM temp.candidate c
 CROSS JOIN main.messages m ON m.source_rowid = c.rowid
 CROSS JOIN main.contacts p ON p.id = m.sender_id
 WHERE c.kind = 'message'
   AND m.sender_identifier_id IS NOT NULL
   AND p.name_source = 'identifier'
