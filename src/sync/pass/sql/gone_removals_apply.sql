DELETE FROM main.reaction_removals WHERE source_rowid IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'removal')
