-- Only where several rows speak of one sender's tapback is there something to settle.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT original_message_guid, original_part, sender_id
  FROM (
    SELECT original_message_guid, original_part, sender_id FROM main.reactions
    UNION ALL
    SELECT original_message_guid, original_part, sender_id FROM main.reaction_removals
  )
 GROUP BY original_message_guid, original_part, sender_id
HAVING count(*) > 1
