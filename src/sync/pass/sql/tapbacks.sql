-- Tapbacks, what takes one back, and which of them stand.

-- name: findTapbacks
-- Tapbacks and removals whose message is here, with their sender. During the import (:indexed = 0) there is no index to
-- look the message up by: all that have a chat are taken, and import_orphans.sql puts back those without a message.
INSERT INTO temp.tapback (
  rowid, kind, guid, target_guid, target_part, chat_id, sender_id, sender_identifier_id, reaction_type, emoji, timestamp
)
SELECT x.rowid,
       x.kind,
       m.guid,
       x.target_guid,
       x.target_part,
       x.chat_id,
       CASE WHEN m.is_from_me THEN 1 ELSE i.contact_id END,
       CASE WHEN m.is_from_me THEN NULL ELSE i.id END,
       reaction_type(m.associated_message_type - iif(x.kind = 'removal', 1000, 0)),
       CASE WHEN m.associated_message_type = 2006 THEN m.associated_message_emoji END,
       m.date
  FROM (
    SELECT c.rowid,
           c.kind,
           c.target_guid,
           c.target_part,
           coalesce(
             s.chat_id,
             CASE WHEN :indexed THEN (SELECT t.chat_id FROM main.messages t WHERE t.guid = c.target_guid) END
           ) AS chat_id
      FROM temp.candidate c
      LEFT JOIN main.source_chats s ON s.source_rowid = c.source_chat
     WHERE c.kind IN ('reaction', 'removal')
       AND CASE
             WHEN :indexed THEN EXISTS (SELECT 1 FROM main.messages t WHERE t.guid = c.target_guid)
             ELSE c.target_guid IS NOT NULL AND s.chat_id IS NOT NULL
           END
     LIMIT -1
  ) x
 CROSS JOIN temp.source_message m ON m.rowid = x.rowid
  LEFT JOIN main.chats o ON o.id = x.chat_id
  LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, o.peer_identifier_id)

-- name: touchMoved
-- Before the rows are corrected: tapbacks, and what takes one back, that were another sender's or of another message. What
-- they ended stands again.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT r.original_message_guid, r.original_part, r.sender_id
  FROM temp.tapback t
 CROSS JOIN main.reactions r ON r.guid = t.guid
 WHERE (r.original_message_guid, r.original_part, r.sender_id) IS NOT (t.target_guid, t.target_part, t.sender_id)
UNION
SELECT d.original_message_guid, d.original_part, d.sender_id
  FROM temp.tapback t
 CROSS JOIN main.reaction_removals d ON d.guid = t.guid
 WHERE (d.original_message_guid, d.original_part, d.sender_id) IS NOT (t.target_guid, t.target_part, t.sender_id)

-- name: putReactions
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

-- name: putRemovals
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

-- name: putPending
-- A tapback waits until the message that it belongs to is here.
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason, waits_for)
SELECT 'reaction',
       c.rowid,
       :now,
       iif(c.target_guid IS NULL, 'names no message', 'its message is not here yet'),
       c.target_guid
  FROM temp.candidate c
 WHERE c.kind IN ('reaction', 'removal')
   AND NOT EXISTS (SELECT 1 FROM temp.tapback t WHERE t.rowid = c.rowid)
ON CONFLICT DO NOTHING

-- name: dropPending
DELETE FROM main.pending_rows WHERE kind = 'reaction' AND source_rowid IN (SELECT t.rowid FROM temp.tapback t)

-- name: touch
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT target_guid, target_part, sender_id FROM temp.tapback

-- name: settle
-- A tapback stands until the next one of the same sender on the same part, or until its own kind is taken back, by the
-- order in which people did it (timestamp, then source_rowid), not in which rows came: iCloud brings old rows late.
-- One whose own row is gone stands no longer, and ends no other.
-- Stickers stand beside each other: only taking back ends one, the newest first.
INSERT OR REPLACE INTO temp.settled (id, removed_at)
SELECT id, removed_at
  FROM (
    SELECT r.id,
           r.removed_at AS was_removed_at,
           coalesce((
             SELECT CASE WHEN later.is_add AND r.reaction_type = 'sticker' THEN NULL ELSE coalesce(later.timestamp, 0) END
               FROM (
                 SELECT a.timestamp, a.source_rowid, 1 AS is_add
                   FROM main.reactions a INDEXED BY reactions_target
                  WHERE a.original_message_guid = r.original_message_guid
                    AND a.original_part = r.original_part
                    AND a.sender_id IS r.sender_id
                    AND a.gone_at IS NULL
                    AND (a.reaction_type = 'sticker') = (r.reaction_type = 'sticker')
                    AND (coalesce(a.timestamp, 0), a.source_rowid) > (coalesce(r.timestamp, 0), r.source_rowid)
                 UNION ALL
                 SELECT d.timestamp, d.source_rowid, 0
                   FROM main.reaction_removals d INDEXED BY reaction_removals_target
                  WHERE d.original_message_guid = r.original_message_guid
                    AND d.original_part = r.original_part
                    AND d.sender_id IS r.sender_id
                    AND d.reaction_type = r.reaction_type
                    AND (coalesce(d.timestamp, 0), d.source_rowid) > (coalesce(r.timestamp, 0), r.source_rowid)
               ) later
              ORDER BY coalesce(later.timestamp, 0), later.source_rowid
              LIMIT 1
           ), r.gone_at) AS removed_at
      FROM temp.touched_tapback t
     CROSS JOIN main.reactions r INDEXED BY reactions_target
     WHERE r.original_message_guid = t.original_message_guid
       AND r.original_part = t.original_part
       AND r.sender_id IS t.sender_id
     LIMIT -1
  )
 WHERE removed_at IS NOT was_removed_at

-- name: applySettled
UPDATE main.reactions
   SET removed_at = (SELECT s.removed_at FROM temp.settled s WHERE s.id = reactions.id)
 WHERE id IN (SELECT s.id FROM temp.settled s)
