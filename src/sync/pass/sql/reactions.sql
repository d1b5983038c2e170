INSERT INTO main.reactions (
  guid, source_rowid, original_message_guid, original_part, chat_id, sender_id, sender_identifier_id, reaction_type,
  emoji, timestamp
)
SELECT guid, rowid, target_guid, target_part, chat_id, sender_id, sender_identifier_id, reaction_type, emoji, timestamp
  FROM temp.tapback
 WHERE kind = 'reaction'
ON CONFLICT (guid) DO UPDATE
   SET source_rowid = excluded.source_rowid,
       original_message_guid = excluded.original_message_guid,
       original_part = excluded.original_part,
       chat_id = excluded.chat_id,
       sender_id = excluded.sender_id,
       sender_identifier_id = excluded.sender_identifier_id,
       reaction_type = excluded.reaction_type,
       emoji = excluded.emoji,
       timestamp = excluded.timestamp,
       gone_at = NULL
 WHERE (source_rowid, original_message_guid, original_part, chat_id, sender_id, sender_identifier_id, reaction_type,
        emoji, timestamp, gone_at)
       IS NOT (excluded.source_rowid, excluded.original_message_guid, excluded.original_part, excluded.chat_id,
               excluded.sender_id, excluded.sender_identifier_id, excluded.reaction_type, excluded.emoji,
               excluded.timestamp, NULL)
