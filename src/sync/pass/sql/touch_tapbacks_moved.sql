-- Before the rows are corrected: tapbacks, and what takes one back, that were another sender's or of another message. What
-- they ended stands again.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT r.original_message_guid, r.original_part, r.sender_id
  FROM temp.tapback t
 CROSS JOIN main.reactions r ON r.guid = t.guid
 WHERE (r.original_message_guid, r.original_part, r.sender_id) IS NOT (t.target_guid, t.target_part, t.sender_id)
UNION
SELECT d.original_message_guid, d.original_part, d.sender_id
  FROM temp.tapback t
 CROSS JOIN main.reaction_removals d ON d.guid = t.guid
 WHERE (d.original_message_guid, d.original_part, d.sender_id) IS NOT (t.target_guid, t.target_part, t.sender_id)
