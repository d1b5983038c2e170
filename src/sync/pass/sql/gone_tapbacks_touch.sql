-- Before the rows go: whose tapbacks have to be settled anew.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT r.original_message_guid, r.original_part, r.sender_id
  FROM temp.gone g
 CROSS JOIN main.reactions r ON r.id = g.id
 WHERE g.kind = 'reaction'
UNION
SELECT d.original_message_guid, d.original_part, d.sender_id
  FROM temp.gone g
 CROSS JOIN main.reaction_removals d ON d.source_rowid = g.id
 WHERE g.kind = 'removal'
