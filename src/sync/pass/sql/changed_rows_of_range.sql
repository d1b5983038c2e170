-- Every row of the other followed tables in the range, where all of them are compared; messages: suspects_of_range.sql.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT 'middle', s.rowid FROM temp.source_attachment_guid s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'middle', s.rowid FROM temp.source_chat s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'any', s.rowid FROM temp.source_handle s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'any', s.rowid FROM temp.source_chat_handle_join s WHERE s.rowid BETWEEN :first AND :last
