-- `:ranges`: lists of first and last by width.
INSERT INTO temp.changed_range (width, first, last)
SELECT w.key, json_extract(r.value, '$[0]'), json_extract(r.value, '$[1]')
  FROM json_each(:ranges) w
 CROSS JOIN json_each(w.value) r
