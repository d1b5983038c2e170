INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT target_guid, target_part, sender_id FROM temp.tapback
