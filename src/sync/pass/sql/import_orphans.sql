-- Tapbacks that the import took without looking for their message, and that have none: they wait like any other.
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason, waits_for)
SELECT 'reaction', r.source_rowid, :now, 'its message is not here yet', r.original_message_guid
  FROM (
    SELECT source_rowid, original_message_guid FROM main.reactions
    UNION ALL
    SELECT source_rowid, original_message_guid FROM main.reaction_removals
  ) r
 WHERE NOT EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = r.original_message_guid)
ON CONFLICT DO NOTHING
