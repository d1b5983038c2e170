-- Attachments.

-- name: selectNew
INSERT INTO temp.candidate_attachment (rowid)
SELECT a.rowid
  FROM temp.source_attachment a
 WHERE a.rowid > :after
 ORDER BY a.rowid
 LIMIT :limit + 0

-- name: selectKnown
-- Attachments that waited for their message, and those of the messages at hand (state, size and name fill in later).
-- One whose message waits too comes in with it. Of those that wait at most :limit are looked at, and those that a join
-- above the ROWID :since names (null: none). ORDER BY keeps SQLite to the ROWIDs, as in selectJoinedSince.
INSERT OR IGNORE INTO temp.candidate_attachment (rowid)
SELECT p.source_rowid
  FROM (
    SELECT source_rowid FROM main.pending_rows WHERE kind = 'attachment' ORDER BY source_rowid DESC LIMIT :limit + 0
  ) p
 WHERE EXISTS (SELECT 1 FROM temp.source_message_attachment_join j WHERE j.attachment_id = p.source_rowid)
UNION
SELECT p.source_rowid
  FROM (
    SELECT j.attachment_id
      FROM temp.source_message_attachment_join j
     WHERE j.rowid > :since
     ORDER BY j.rowid
     LIMIT -1
  ) joined
 CROSS JOIN main.pending_rows p ON p.kind = 'attachment' AND p.source_rowid = joined.attachment_id
UNION
SELECT j.attachment_id
  FROM temp.candidate c
 CROSS JOIN temp.source_message_attachment_join j ON j.message_id = c.rowid
 WHERE j.attachment_id <= :until

-- name: selectChanged
-- Known attachments that commits may have changed.
INSERT OR IGNORE INTO temp.candidate_attachment (rowid)
SELECT a.rowid
  FROM temp.changed_row k
 CROSS JOIN temp.source_attachment_guid a ON a.rowid = k.id
 WHERE k.width = 'middle'
   AND a.rowid <= :until

-- name: putAttachments
-- Joined to several messages, it belongs to the lowest that we have.
-- An attachment of a tapback (a sticker) or of a group happening (a photo) has no message of ours: message_id is NULL.
INSERT INTO main.attachments (
  guid, source_rowid, message_id, file_name, path, mime_type, uti, size, created_date, is_sticker, transfer_state
)
SELECT a.guid,
       a.rowid,
       o.id,
       coalesce(
         nullif(a.transfer_name, ''),
         nullif(replace(a.filename, rtrim(a.filename, replace(a.filename, '/', '')), ''), '')
       ),
       CASE WHEN a.filename GLOB '~/*' THEN :home || substr(a.filename, 2) ELSE nullif(a.filename, '') END,
       a.mime_type,
       a.uti,
       CASE WHEN a.total_bytes >= 0 THEN a.total_bytes END,
       a.created_date,
       coalesce(a.is_sticker, 0) <> 0,
       a.transfer_state
  FROM temp.candidate_attachment k
 CROSS JOIN temp.source_attachment a ON a.rowid = k.rowid
 CROSS JOIN temp.source_message m ON m.rowid = coalesce(
    (
      SELECT min(j.message_id)
        FROM temp.source_message_attachment_join j
       CROSS JOIN temp.source_message s ON s.rowid = j.message_id
       WHERE j.attachment_id = k.rowid
         AND EXISTS (SELECT 1 FROM main.messages here WHERE here.guid = s.guid)
    ),
    (SELECT min(j.message_id) FROM temp.source_message_attachment_join j WHERE j.attachment_id = k.rowid)
 )
  LEFT JOIN main.messages o ON o.guid = m.guid
 WHERE o.id IS NOT NULL
    OR coalesce(m.item_type, 0) <> 0
    OR m.associated_message_type BETWEEN 1000 AND 3007
ON CONFLICT (guid) DO UPDATE
   SET source_rowid = excluded.source_rowid,
       message_id = excluded.message_id,
       file_name = excluded.file_name,
       path = excluded.path,
       mime_type = excluded.mime_type,
       uti = excluded.uti,
       size = excluded.size,
       created_date = excluded.created_date,
       is_sticker = excluded.is_sticker,
       transfer_state = excluded.transfer_state,
       deleted_at = NULL
 WHERE (source_rowid, message_id, file_name, path, mime_type, uti, size, created_date, is_sticker, transfer_state,
        deleted_at)
       IS NOT (excluded.source_rowid, excluded.message_id, excluded.file_name, excluded.path, excluded.mime_type,
               excluded.uti, excluded.size, excluded.created_date, excluded.is_sticker, excluded.transfer_state,
               NULL)

-- name: putPending
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason)
SELECT 'attachment', k.rowid, :now, 'no message yet'
  FROM temp.candidate_attachment k
 WHERE NOT EXISTS (
   SELECT 1 FROM temp.source_attachment s CROSS JOIN main.attachments a ON a.guid = s.guid WHERE s.rowid = k.rowid
 )
ON CONFLICT DO NOTHING

-- name: dropPending
DELETE FROM main.pending_rows
 WHERE kind = 'attachment'
   AND source_rowid IN (
     SELECT k.rowid FROM temp.candidate_attachment k
      WHERE EXISTS (
   SELECT 1 FROM temp.source_attachment s CROSS JOIN main.attachments a ON a.guid = s.guid WHERE s.rowid = k.rowid
 )
   )
