INSERT INTO main.reaction_removals (
  guid, source_rowid, original_message_guid, original_part, sender_id, sender_identifier_id, reaction_type, timestamp
)
SELECT guid, rowid, target_guid, target_part, sender_id, sender_identifier_id, reaction_type, timestamp
  FROM temp.tapback
 WHERE kind = 'removal'
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
