-- `:rows`: the row ids by width.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT w.key, r.value FROM json_each(:rows) w CROSS JOIN json_each(w.value) r
