-- Chats to look at: new ones, and those that something happened in (:known = 0, in the first part of the import: of
-- these only the ones that we do not have yet).
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT c.rowid FROM temp.source_chat c WHERE c.rowid > :after
UNION
SELECT k.source_chat
  FROM temp.candidate k
 WHERE k.source_chat IS NOT NULL
   AND (:known OR NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = k.source_chat))
