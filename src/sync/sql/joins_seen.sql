-- The highest ROWIDs of the joins that a waiting message may wait for. ORDER BY, because max() over a view reads all.
SELECT coalesce((SELECT rowid FROM temp.source_chat_message_join ORDER BY rowid DESC LIMIT 1), 0) AS chats,
       coalesce((SELECT rowid FROM temp.source_recoverable_join ORDER BY rowid DESC LIMIT 1), 0) AS recoverable
