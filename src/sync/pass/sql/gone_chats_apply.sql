-- A chat of ours is deleted when Messages has none left that it stands for.
UPDATE main.chats
   SET deleted_at = :now
 WHERE deleted_at IS NULL
   AND id IN (
     SELECT s.chat_id
       FROM temp.gone g
      CROSS JOIN main.source_chats s ON s.source_rowid = g.id
      WHERE g.kind = 'chat'
   )
   AND NOT EXISTS (
     SELECT 1
       FROM main.source_chats other
      CROSS JOIN temp.source_chat c ON c.rowid = other.source_rowid
      WHERE other.chat_id = chats.id
        -- One that is there may be another chat now.
        AND NOT EXISTS (SELECT 1 FROM temp.gone g WHERE g.kind = 'chat' AND g.id = other.source_rowid)
   )
