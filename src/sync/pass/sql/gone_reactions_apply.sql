UPDATE main.reactions SET gone_at = :now WHERE id IN (SELECT g.id FROM temp.gone g WHERE g.kind = 'reaction')
