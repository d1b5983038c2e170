INSERT INTO temp.edit_version (message_id, part, version, content, edited_at)
SELECT k.message_id,
       json_extract(v.value, '$.part'),
       json_extract(v.value, '$.version'),
       json_extract(v.value, '$.content'),
       json_extract(v.value, '$.edited_at')
  FROM temp.edited k
 CROSS JOIN temp.source_message m ON m.rowid = k.source_rowid
 CROSS JOIN json_each(edit_versions(m.message_summary_info)) v
