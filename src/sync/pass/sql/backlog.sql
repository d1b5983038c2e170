-- How many messages are new, counted no further than :most.
SELECT count(*) AS n FROM (SELECT 1 FROM temp.source_message m WHERE m.rowid > :after LIMIT :most + 0)
