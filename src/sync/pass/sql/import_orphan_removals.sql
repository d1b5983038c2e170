DELETE FROM main.reaction_removals
 WHERE NOT EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = reaction_removals.original_message_guid)
