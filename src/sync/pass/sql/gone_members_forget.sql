DELETE FROM main.source_members WHERE source_chat IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'chat')
