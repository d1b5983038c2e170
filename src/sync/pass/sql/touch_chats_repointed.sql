INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT j.chat_id
  FROM temp.repointed_handle h
 CROSS JOIN temp.source_chat_handle_join j ON j.handle_id = h.rowid
