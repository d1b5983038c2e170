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
