INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT original_message_guid, original_part, sender_id FROM main.reactions
