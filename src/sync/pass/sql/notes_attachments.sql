SELECT n.id,
       n.before,
       m.chat_id,
       a.message_id,
       json_object(
         'id', a.id,
         'guid', a.guid,
         'message_id', a.message_id,
         'file_name', a.file_name,
         'path', a.path,
         'mime_type', a.mime_type,
         'uti', a.uti,
         'size', a.size,
         'created_date', a.created_date,
         'is_sticker', json(iif(a.is_sticker, 'true', 'false')),
         'transfer_state', a.transfer_state,
         'deleted_at', a.deleted_at
       ) AS now
  FROM temp.note n
 CROSS JOIN main.attachments a ON a.id = n.id
  LEFT JOIN main.messages m ON m.id = a.message_id
 WHERE n.kind = 'attachment'
 ORDER BY n.seq
