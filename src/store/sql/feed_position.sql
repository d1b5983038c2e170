-- Each session asks it at each commit.
SELECT coalesce((SELECT q.seq FROM main.sqlite_sequence q WHERE q.name = 'sync_events'), 0) AS seq,
       (SELECT min(e.seq) FROM main.sync_events e) AS first,
       CAST(coalesce((SELECT s.value FROM main.live_sync_state s WHERE s.key = :floor), 0) AS INTEGER) AS floor
