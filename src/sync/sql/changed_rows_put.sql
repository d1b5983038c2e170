INSERT OR IGNORE INTO temp.changed_row (width, id) SELECT :width, value FROM json_each(:rowids)
