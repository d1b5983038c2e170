-- The end of an import's first part.

-- name: putOrphans
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

-- name: dropOrphanReactions
DELETE FROM main.reactions
 WHERE NOT EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = reactions.original_message_guid)

-- name: dropOrphanRemovals
DELETE FROM main.reaction_removals
 WHERE NOT EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = reaction_removals.original_message_guid)

-- name: touchAllTapbacks
-- Only where several rows speak of one sender's tapback is there something to settle.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT original_message_guid, original_part, sender_id
  FROM (
    SELECT original_message_guid, original_part, sender_id FROM main.reactions
    UNION ALL
    SELECT original_message_guid, original_part, sender_id FROM main.reaction_removals
  )
 GROUP BY original_message_guid, original_part, sender_id
HAVING count(*) > 1
