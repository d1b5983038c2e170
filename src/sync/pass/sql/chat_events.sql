INSERT INTO main.chat_events (
  guid, source_rowid, chat_id, actor_id, actor_identifier_id, member_id, member_identifier_id, kind, title, timestamp
)
SELECT m.guid,
       c.rowid,
       s.chat_id,
       CASE WHEN m.is_from_me THEN 1 ELSE actor.contact_id END,
       CASE WHEN m.is_from_me THEN NULL ELSE actor.id END,
       member.contact_id,
       member.id,
       CASE m.item_type
         WHEN 1 THEN iif(m.group_action_type = 1, 'member_removed', 'member_added')
         WHEN 2 THEN 'renamed'
         WHEN 3 THEN CASE m.group_action_type
           WHEN 0 THEN 'left'
           WHEN 1 THEN 'photo_changed'
           WHEN 2 THEN 'photo_removed'
           WHEN 4 THEN 'background_changed'
           WHEN 6 THEN 'background_removed'
           ELSE 'other_3_' || m.group_action_type
         END
         WHEN 4 THEN 'location_sharing'
         WHEN 5 THEN 'audio_kept'
         WHEN 6 THEN 'call'
         ELSE 'other_' || m.item_type
       END,
       nullif(m.group_title, ''),
       m.date
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
  LEFT JOIN main.source_handles ah ON ah.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers actor ON actor.id = ah.identifier_id
  LEFT JOIN main.source_handles mh ON mh.source_rowid = m.other_handle
  LEFT JOIN main.contact_identifiers member ON member.id = mh.identifier_id
 WHERE c.kind = 'event'
ON CONFLICT (guid) DO UPDATE
   SET source_rowid = excluded.source_rowid,
       chat_id = excluded.chat_id,
       actor_id = excluded.actor_id,
       actor_identifier_id = excluded.actor_identifier_id,
       member_id = excluded.member_id,
       member_identifier_id = excluded.member_identifier_id,
       kind = excluded.kind,
       title = excluded.title,
       timestamp = excluded.timestamp
 WHERE (source_rowid, chat_id, actor_id, actor_identifier_id, member_id, member_identifier_id, kind, title, timestamp)
       IS NOT (excluded.source_rowid, excluded.chat_id, excluded.actor_id, excluded.actor_identifier_id,
               excluded.member_id, excluded.member_identifier_id, excluded.kind, excluded.title,
               excluded.timestamp)
