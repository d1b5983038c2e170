DELETE FROM main.source_chats WHERE source_rowid IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'chat')
