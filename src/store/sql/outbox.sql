-- The outbox: events that are stored with the rows they speak of.

-- name: add
INSERT INTO main.sync_events (at, event, topics, data, message_id)
VALUES (:at, :event, :topics, :data, :message)

-- name: eventsAfter
SELECT seq, at, event, topics, data
  FROM main.sync_events
 WHERE seq > :after
 ORDER BY seq
 LIMIT :limit + 0

-- name: prune
-- A slice of the events that need not be kept: up to number :until, and older than :before.
DELETE FROM main.sync_events
 WHERE seq IN (
   SELECT seq FROM main.sync_events WHERE seq <= :until AND at < :before ORDER BY seq LIMIT :limit + 0
 )

-- name: position
-- Each session asks it at each commit.
SELECT coalesce((SELECT q.seq FROM main.sqlite_sequence q WHERE q.name = 'sync_events'), 0) AS seq,
       (SELECT min(e.seq) FROM main.sync_events e) AS first,
       CAST(coalesce((SELECT s.value FROM main.live_sync_state s WHERE s.key = :floor), 0) AS INTEGER) AS floor
