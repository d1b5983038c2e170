INSERT INTO main.message_edits (message_id, part, version, content, edited_at)
SELECT v.message_id, v.part, v.version, v.content, v.edited_at
  FROM temp.edit_version v
 WHERE true
ON CONFLICT (message_id, part, version) DO UPDATE SET content = excluded.content, edited_at = excluded.edited_at
 WHERE (content, edited_at) IS NOT (excluded.content, excluded.edited_at)
