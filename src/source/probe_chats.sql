-- Reads the people and chats: every pass looks at all of them that are new, and there are never many.
SELECT (SELECT count(*) FROM (SELECT * FROM temp.source_handle UNION SELECT * FROM temp.source_handle))
     + (SELECT count(*) FROM (SELECT * FROM temp.source_chat UNION SELECT * FROM temp.source_chat))
     + (SELECT count(*) FROM (SELECT * FROM temp.source_chat_handle_join UNION SELECT * FROM temp.source_chat_handle_join)) AS n
