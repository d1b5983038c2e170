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
