-- Conversations of a stretch of a chat, put together anew.

-- name: ranges
-- The ranges around what was touched, as far as the walk has come (messages up to :reach). Conversations of a chat lie at
-- least :gap apart, so a message can be near to two of them at most: the one that began before it and the one after it.
INSERT INTO temp.conversation_range (chat_id, first_time, last_time, carried_id, carried_until)
WITH touched AS (
  SELECT t.chat_id, t.timestamp, min(t.fresh) AS fresh
    FROM temp.conversation_touch t
   WHERE t.timestamp IS NOT NULL AND t.message_id <= :reach
   GROUP BY t.chat_id, t.timestamp
), placed AS (
  SELECT t.*, b.id AS before_id, b.start_time AS before_start, b.end_time AS before_end, a.end_time AS after_end
    FROM touched t
    LEFT JOIN main.conversations b
           ON b.id = (
                SELECT c.id FROM main.conversations c
                 WHERE c.chat_id = t.chat_id AND c.start_time <= t.timestamp ORDER BY c.start_time DESC LIMIT 1
              )
          AND b.end_time > t.timestamp - :gap
    LEFT JOIN main.conversations a
           ON a.id = (
                SELECT c.id FROM main.conversations c
                 WHERE c.chat_id = t.chat_id AND c.start_time > t.timestamp ORDER BY c.start_time LIMIT 1
              )
          AND a.start_time < t.timestamp + :gap
), stretched AS (
  SELECT *,
         coalesce(before_start, timestamp) AS low,
         max(timestamp, coalesce(before_end, timestamp), coalesce(after_end, timestamp)) AS high,
         -- What is new within a conversation or at its end adds to it; it need not be looked at again as a whole.
         fresh AND after_end IS NULL AS adds
    FROM placed
), islands AS (
  SELECT *,
         sum(begins) OVER (ORDER BY chat_id, low, timestamp ROWS UNBOUNDED PRECEDING) AS island
    FROM (
      SELECT *,
             coalesce(
               low >= :gap + max(high) OVER (
                 PARTITION BY chat_id ORDER BY low, timestamp ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ),
               1
             ) AS begins
        FROM stretched
    )
)
SELECT chat_id,
       iif(min(adds), min(timestamp), min(low)),
       iif(min(adds), max(timestamp), max(high)),
       iif(min(adds), max(before_id), NULL),
       iif(min(adds), max(before_end), NULL)
  FROM islands
 GROUP BY island

-- name: members
-- A conversation ends where the next message comes :gap or more later. Messages of one millisecond stand in the order in
-- which they came to us. Where a conversation is carried on, all that is looked at is new.
INSERT INTO temp.conversation_member (range_id, number, message_id, timestamp, old_id)
WITH looked_at AS (
  SELECT r.id AS range_id, m.id AS message_id, m.timestamp, m.conversation_id AS old_id, NULL AS carried_until
    FROM temp.conversation_range r
   CROSS JOIN main.messages m
           ON m.chat_id = r.chat_id AND m.timestamp BETWEEN r.first_time AND r.last_time
   WHERE r.carried_id IS NULL AND m.deleted_at IS NULL AND m.id <= :reach
  UNION ALL
  SELECT r.id, t.message_id, t.timestamp, NULL, r.carried_until
    FROM temp.conversation_range r
   CROSS JOIN temp.conversation_touch t
           ON t.chat_id = r.chat_id AND t.timestamp BETWEEN r.first_time AND r.last_time
   WHERE r.carried_id IS NOT NULL AND t.message_id <= :reach
)
SELECT range_id,
       sum(begins) OVER (PARTITION BY range_id ORDER BY timestamp, message_id ROWS UNBOUNDED PRECEDING),
       message_id,
       timestamp,
       old_id
  FROM (
    SELECT *,
           coalesce(
             timestamp - max(
               lag(timestamp, 1, carried_until) OVER (PARTITION BY range_id ORDER BY timestamp, message_id),
               coalesce(carried_until, timestamp - :gap)
             ) >= :gap,
             1
           ) AS begins
      FROM looked_at
  )
 ORDER BY range_id, timestamp, message_id

-- name: groups
INSERT INTO temp.conversation_group (
  range_id, number, conversation_id, first_message_id, start_time, end_time, message_count
)
SELECT g.range_id,
       g.number,
       iif(g.number = 0, r.carried_id, NULL),
       f.message_id,
       f.timestamp,
       g.end_time,
       g.message_count
  FROM (
    SELECT range_id, number, min(seq) AS first, max(timestamp) AS end_time, count(*) AS message_count
      FROM temp.conversation_member
     GROUP BY range_id, number
  ) g
  JOIN temp.conversation_member f ON f.seq = g.first
  JOIN temp.conversation_range r ON r.id = g.range_id

-- name: claims
-- Who keeps an id, so that few messages change theirs: a conversation that was split stays where most of its messages
-- are, and of several that were joined the largest stays.
UPDATE temp.conversation_group
   SET conversation_id = claim.old_id
  FROM (
    SELECT range_id, number, old_id,
           row_number() OVER (PARTITION BY range_id, number ORDER BY messages DESC, old_id) AS place
      FROM (
        SELECT range_id, number, old_id, count(*) AS messages,
               row_number() OVER (PARTITION BY old_id ORDER BY count(*) DESC, range_id, number) AS place
          FROM temp.conversation_member
         WHERE old_id IS NOT NULL
         GROUP BY range_id, number, old_id
      )
     WHERE place = 1
  ) claim
 WHERE claim.place = 1
   AND claim.range_id = conversation_group.range_id
   AND claim.number = conversation_group.number

-- name: newIds
UPDATE temp.conversation_group
   SET conversation_id = given.id
  FROM (
    SELECT range_id,
           number,
           coalesce((SELECT max(id) FROM main.conversations), 0) + row_number() OVER (ORDER BY range_id, number) AS id
      FROM temp.conversation_group
     WHERE conversation_id IS NULL
  ) given
 WHERE given.range_id = conversation_group.range_id AND given.number = conversation_group.number

-- name: put
INSERT INTO main.conversations (
  id, chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count
)
SELECT g.conversation_id, m.chat_id, m.sender_id, m.sender_identifier_id, g.start_time, g.end_time, g.message_count
  FROM temp.conversation_group g
 CROSS JOIN main.messages m ON m.id = g.first_message_id
 WHERE g.number > 0
ON CONFLICT (id) DO UPDATE
   SET chat_id = excluded.chat_id,
       initiator_id = excluded.initiator_id,
       initiator_identifier_id = excluded.initiator_identifier_id,
       start_time = excluded.start_time,
       end_time = excluded.end_time,
       message_count = excluded.message_count
 WHERE (chat_id, initiator_id, initiator_identifier_id, start_time, end_time, message_count)
   IS NOT (
     excluded.chat_id, excluded.initiator_id, excluded.initiator_identifier_id, excluded.start_time,
     excluded.end_time, excluded.message_count
   )

-- name: assign
UPDATE main.messages
   SET conversation_id = g.conversation_id
  FROM temp.conversation_member e
 CROSS JOIN temp.conversation_group g ON g.range_id = e.range_id AND g.number = e.number
 WHERE messages.id = e.message_id AND e.old_id IS NOT g.conversation_id

-- name: carryOn
UPDATE main.conversations
   SET end_time = max(conversations.end_time, g.end_time),
       message_count = conversations.message_count + g.message_count
  FROM temp.conversation_group g
 WHERE g.number = 0 AND conversations.id = g.conversation_id

-- name: leave
-- A message that was deleted, or lost its date, belongs to no conversation.
UPDATE main.messages
   SET conversation_id = NULL
 WHERE id IN (SELECT t.message_id FROM temp.conversation_touch t)
   AND id NOT IN (SELECT e.message_id FROM temp.conversation_member e)
   AND conversation_id IS NOT NULL

-- name: dropEmpty
DELETE FROM main.conversations
 WHERE id IN (
         SELECT c.id
           FROM temp.conversation_range r
          CROSS JOIN main.conversations c
                  ON c.chat_id = r.chat_id AND c.start_time BETWEEN r.first_time AND r.last_time
          WHERE r.carried_id IS NULL
       )
   AND id NOT IN (SELECT g.conversation_id FROM temp.conversation_group g)
