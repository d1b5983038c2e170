-- What waits at all, so that a pass need not look for those that waited where nothing does.
SELECT EXISTS (SELECT 1 FROM main.pending_rows WHERE kind = 'message') AS messages,
       EXISTS (SELECT 1 FROM main.pending_rows WHERE kind = 'reaction') AS reactions,
       EXISTS (SELECT 1 FROM main.follow_ups) AS follow_ups
