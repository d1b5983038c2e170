-- The newest joins that a waiting row may wait for: their ROWIDs and whom they name, and whom those name now that were
-- the newest before. Another one there means that ROWIDs were given again. ORDER BY, because max() over a view reads all.
-- `members`: the newest row of who is in a chat.
WITH
  c AS (SELECT rowid, message_id FROM temp.source_chat_message_join ORDER BY rowid DESC LIMIT 1),
  r AS (SELECT rowid, message_id FROM temp.source_recoverable_join ORDER BY rowid DESC LIMIT 1),
  a AS (SELECT rowid, attachment_id FROM temp.source_message_attachment_join ORDER BY rowid DESC LIMIT 1)
SELECT coalesce((SELECT rowid FROM c), 0) AS chats,
       coalesce((SELECT rowid FROM r), 0) AS recoverable,
       coalesce((SELECT rowid FROM a), 0) AS attachments,
       json_array((SELECT message_id FROM c), (SELECT message_id FROM r), (SELECT attachment_id FROM a)) AS names,
       json_array(
         (SELECT j.message_id FROM temp.source_chat_message_join j WHERE j.rowid = :chats),
         (SELECT j.message_id FROM temp.source_recoverable_join j WHERE j.rowid = :recoverable),
         (SELECT j.attachment_id FROM temp.source_message_attachment_join j WHERE j.rowid = :attachments)
       ) AS names_before,
       coalesce((SELECT rowid FROM temp.source_chat_handle_join ORDER BY rowid DESC LIMIT 1), 0) AS members
