UPDATE main.conversations SET end_time = max(end_time, :at), message_count = message_count + 1 WHERE id = :id
