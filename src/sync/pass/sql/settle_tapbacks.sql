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
