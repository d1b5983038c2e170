-- Two addresses of one person may both have reacted to a message: only the last of these tapbacks stands now. After an
-- undo each stands by itself again.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT r.original_message_guid, r.original_part, s.value
  FROM main.reactions r
 CROSS JOIN json_each(:senders) s
 WHERE r.sender_id = :contact
