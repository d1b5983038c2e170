-- What the counting trigger does row by row, for all messages that a slice of the import brought.
UPDATE main.chats
   SET total_messages = total_messages + slice.total,
       created_date = coalesce(min(created_date, slice.oldest), created_date, slice.oldest),
       last_message_date = coalesce(max(last_message_date, slice.newest), last_message_date, slice.newest)
  FROM (
    SELECT chat_id,
           count(*) FILTER (WHERE deleted_at IS NULL) AS total,
           min(timestamp) AS oldest,
           max(timestamp) FILTER (WHERE deleted_at IS NULL) AS newest
      FROM main.messages
     WHERE id > :after
     GROUP BY chat_id
  ) slice
 WHERE slice.chat_id = chats.id
