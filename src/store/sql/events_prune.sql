-- A slice of the events that need not be kept: up to number :until, and older than :before.
DELETE FROM main.sync_events
 WHERE seq IN (
   SELECT seq FROM main.sync_events WHERE seq <= :until AND at < :before ORDER BY seq LIMIT :limit + 0
 )
