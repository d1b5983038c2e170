-- The next messages that the walk comes to, at most :limit, and the last of them.
SELECT count(*) AS n, max(id) AS last FROM (SELECT id FROM main.messages WHERE id > :after ORDER BY id LIMIT :limit + 0)
