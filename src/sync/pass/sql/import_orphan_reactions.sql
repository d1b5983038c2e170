DELETE FROM main.reactions
 WHERE NOT EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = reactions.original_message_guid)
