DELETE FROM main.pending_rows WHERE kind = 'reaction' AND source_rowid IN (SELECT t.rowid FROM temp.tapback t)
