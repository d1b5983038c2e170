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
