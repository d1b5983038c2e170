SELECT c.id, c.start_time, c.end_time FROM main.conversations c WHERE c.chat_id = :chat ORDER BY c.start_time DESC LIMIT 1
