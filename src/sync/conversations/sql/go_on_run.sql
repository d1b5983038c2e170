UPDATE main.conversations SET end_time = max(end_time, :end), message_count = message_count + :count WHERE id = :id
