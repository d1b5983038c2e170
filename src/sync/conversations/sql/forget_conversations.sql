DELETE FROM main.conversations WHERE id IN (SELECT c.id FROM main.conversations c ORDER BY c.id LIMIT :limit + 0)
