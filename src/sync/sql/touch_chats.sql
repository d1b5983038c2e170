-- Chats to look at: new ones, and those that something happened in.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT c.rowid FROM temp.source_chat c WHERE c.rowid > :after
UNION
SELECT source_chat FROM temp.candidate WHERE source_chat IS NOT NULL
