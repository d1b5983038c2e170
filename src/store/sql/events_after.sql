SELECT seq, at, event, topics, data
  FROM main.sync_events
 WHERE seq > :after
 ORDER BY seq
 LIMIT :limit + 0
