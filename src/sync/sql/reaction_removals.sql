INSERT INTO main.reaction_removals (
  guid, source_rowid, original_message_guid, original_part, sender_id, sender_identifier_id, reaction_type, timestamp
)
SELECT m.guid,
       c.rowid,
       c.target_guid,
       c.target_part,
       CASE WHEN m.is_from_me THEN 1 ELSE i.contact_id END,
       CASE WHEN m.is_from_me THEN NULL ELSE i.id END,
       reaction_type(m.associated_message_type - 1000),
       m.date
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.messages t ON t.guid = c.target_guid
 CROSS JOIN main.chats o ON o.id = t.chat_id
  LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, o.peer_identifier_id)
 WHERE c.kind = 'removal'
ON CONFLICT (guid) DO UPDATE
   SET source_rowid = excluded.source_rowid,
       original_message_guid = excluded.original_message_guid,
       original_part = excluded.original_part,
       sender_id = excluded.sender_id,
       sender_identifier_id = excluded.sender_identifier_id,
       reaction_type = excluded.reaction_type,
       timestamp = excluded.timestamp
 WHERE (source_rowid, original_message_guid, original_part, sender_id, sender_identifier_id, reaction_type, timestamp)
       IS NOT (excluded.source_rowid, excluded.original_message_guid, excluded.original_part, excluded.sender_id,
               excluded.sender_identifier_id, excluded.reaction_type, excluded.timestamp)
