INSERT INTO temp.changed_range (width, first, last)
SELECT :width, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:ranges)
