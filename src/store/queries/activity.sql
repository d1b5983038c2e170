-- Messages per day and person.

-- name: days
-- How many messages :sender (NULL: whom the source does not name) sent on which day, days without any left out. Goes
-- from one day that has some to the next, and counts each along the index: nothing is sorted, no message is read.
-- :runs: JSON, days of equal length that follow each other, as [number of the first, start, length of each, end].
WITH RECURSIVE
run (first, start, length, stop) AS MATERIALIZED (
  SELECT value ->> 0,
         value ->> 1,
         value ->> 2,
         value ->> 3
    FROM json_each(:runs)
),
-- `day`: which day of its run, from 0; NULL: no more in this run.
busy (first, start, length, stop, day) AS (
  SELECT run.first,
         run.start,
         run.length,
         run.stop,
         (
           SELECT (m.timestamp - run.start) / run.length
             FROM main.messages m INDEXED BY messages_sender
            WHERE m.sender_id IS :sender
              AND m.timestamp >= run.start
              AND m.timestamp < run.stop
            ORDER BY m.timestamp
            LIMIT 1
         )
    FROM run
   UNION ALL
  SELECT busy.first,
         busy.start,
         busy.length,
         busy.stop,
         (
           SELECT (m.timestamp - busy.start) / busy.length
             FROM main.messages m INDEXED BY messages_sender
            WHERE m.sender_id IS :sender
              AND m.timestamp >= busy.start + (busy.day + 1) * busy.length
              AND m.timestamp < busy.stop
            ORDER BY m.timestamp
            LIMIT 1
         )
    FROM busy
   WHERE busy.day IS NOT NULL
)
SELECT busy.first + busy.day AS day,
       (
         SELECT count(*)
           FROM main.messages m INDEXED BY messages_sender
          WHERE m.sender_id IS :sender
            AND m.timestamp >= busy.start + busy.day * busy.length
            AND m.timestamp < busy.start + (busy.day + 1) * busy.length
       ) - (
         SELECT count(*)
           FROM main.messages m INDEXED BY messages_sender_deleted
          WHERE m.sender_id IS :sender
            AND m.timestamp >= busy.start + busy.day * busy.length
            AND m.timestamp < busy.start + (busy.day + 1) * busy.length
            AND m.deleted_at IS NOT NULL
       ) AS messages
  FROM busy
 WHERE busy.day IS NOT NULL

-- name: senders
-- Who sent something from :from on and before :to: one look for each sender there is, however many messages.
WITH RECURSIVE sender (id) AS (
  SELECT min(m.sender_id)
    FROM main.messages m INDEXED BY messages_sender
   WHERE m.sender_id > 0
   UNION ALL
  SELECT (
           SELECT min(m.sender_id)
             FROM main.messages m INDEXED BY messages_sender
            WHERE m.sender_id > sender.id
         )
    FROM sender
   WHERE sender.id IS NOT NULL
)
SELECT sender.id
  FROM sender
 WHERE EXISTS (
         SELECT 1
           FROM main.messages m INDEXED BY messages_sender
          WHERE m.sender_id = sender.id
            AND m.timestamp >= :from
            AND m.timestamp < :to
       )

-- name: me
SELECT c.id FROM main.contacts c WHERE c.is_me = 1

-- name: merges
-- Changes with each merge of contacts and with each undo.
SELECT count(*) || '/' || count(undone_at) AS merges
  FROM main.contact_merges

-- name: name
-- As JSON, since a name may hold a NUL.
SELECT json_quote(c.name) AS name FROM main.contacts c WHERE c.id = :id
