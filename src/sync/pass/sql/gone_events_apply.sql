DELETE FROM main.chat_events WHERE id IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'event')
