DELETE FROM main.message_edits WHERE message_id IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'message')
