INSERT INTO main.messages (
  guid, source_rowid, chat_id, sender_id, content, timestamp, is_from_me, message_type, service_name, reply_to_guid,
  date_read, date_delivered
)
SELECT m.guid,
       m.ROWID,
       j.chat_id,
       CASE WHEN m.is_from_me THEN 1 WHEN m.handle_id > 0 THEN m.handle_id + 1 END,
       m.text,
       m.date / 1000000 + 978307200000,
       m.is_from_me,
       'text',
       m.service,
       m.thread_originator_guid,
       m.date_read / 1000000 + 978307200000,
       m.date_delivered / 1000000 + 978307200000
  FROM source.message m
 CROSS JOIN source.chat_message_join j ON j.message_id = m.ROWID
