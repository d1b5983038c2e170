-- The other side of a 1:1 chat, also where no handle names it.
INSERT INTO temp.address (handle_rowid, raw, type, identifier)
SELECT NULL, c.chat_identifier, identifier_type(c.chat_identifier, :region), identifier(c.chat_identifier, :region)
  FROM temp.candidate_chat k
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 WHERE c.style = 45
   AND c.chat_identifier <> ''
   AND NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = c.rowid)
