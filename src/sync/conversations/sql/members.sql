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
