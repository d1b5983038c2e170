-- What the source has no longer, and what that does to our rows.

-- name: putChangedRows
-- `:rows`: the row ids by width.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT w.key, r.value FROM json_each(:rows) w CROSS JOIN json_each(w.value) r

-- name: putChangedRanges
-- `:ranges`: lists of first and last by width.
INSERT INTO temp.changed_range (width, first, last)
SELECT w.key, json_extract(r.value, '$[0]'), json_extract(r.value, '$[1]')
  FROM json_each(:ranges) w
 CROSS JOIN json_each(w.value) r

-- name: putRowsOfRange
-- Every row of the other followed tables in the range, where all of them are compared; messages: suspects_of_range.sql.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT 'middle', s.rowid FROM temp.source_attachment_guid s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'middle', s.rowid FROM temp.source_chat s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'any', s.rowid FROM temp.source_handle s WHERE s.rowid BETWEEN :first AND :last
UNION ALL
SELECT 'any', s.rowid FROM temp.source_chat_handle_join s WHERE s.rowid BETWEEN :first AND :last

-- name: findSuspectsOfRange
-- Messages in the range that do not say what ours say, and all of which it takes more than one row to tell: tapbacks,
-- happenings, what was edited or unsent, what is in Recently Deleted, what waits. The rest agrees and need not go through
-- a pass, which costs more than comparing here. What stands in main.messages is made by messages.sql; a column that is
-- added there is added here.
INSERT OR IGNORE INTO temp.changed_row (width, id)
SELECT 'wide', c.rowid
  FROM temp.source_candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
  LEFT JOIN main.messages o ON o.source_rowid = c.rowid
  LEFT JOIN main.source_chats s ON s.source_rowid = c.source_chat
  LEFT JOIN main.chats chat ON chat.id = s.chat_id
  LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, chat.peer_identifier_id)
 WHERE c.rowid BETWEEN :first AND :last
   AND (
     c.kind <> 'message'
     OR m.date_edited IS NOT NULL
     OR m.date_retracted IS NOT NULL
     OR o.date_edited IS NOT NULL
     OR o.date_retracted IS NOT NULL
     OR o.deleted_at IS NOT NULL
     OR (
          o.guid, o.chat_id, o.sender_id, o.sender_identifier_id, o.timestamp, o.is_from_me, o.service_name,
          o.reply_to_guid, o.date_read, o.date_delivered, o.send_error
        ) IS NOT (
          m.guid, s.chat_id, CASE WHEN m.is_from_me THEN 1 ELSE i.contact_id END,
          CASE WHEN m.is_from_me THEN NULL ELSE i.id END, m.date, coalesce(m.is_from_me, 0) <> 0, m.service,
          nullif(m.thread_originator_guid, ''), m.date_read, m.date_delivered,
          CASE WHEN m.is_from_me THEN nullif(m.error, 0) END
        )
     OR o.message_type IS NOT CASE
          WHEN m.associated_message_type = 4000 THEN 'poll_vote'
          WHEN m.balloon_bundle_id GLOB '*URLBalloonProvider' THEN 'link'
          WHEN m.balloon_bundle_id <> '' THEN 'app'
          WHEN m.is_audio_message THEN 'audio'
          WHEN m.cache_has_attachments AND o.content IS NULL THEN 'attachment'
          ELSE 'text'
        END
     OR coalesce(o.content, '') IS NOT CASE
          WHEN m.text <> '' THEN replace(m.text, char(0xFFFC), '')
          WHEN length(m.attributedBody) > 0 THEN body_text(m.attributedBody)
          ELSE ''
        END
   )

-- name: findDeletedMessages
-- Of ours, what has a row of Messages' table `message`, or waits for one to come in, and is gone: what stands in a changed
-- range, or beside one as far as the next row that is still there on either side (the first or the last row of a page may
-- be what was deleted). By ROWID and by GUID: one that was made anew under another ROWID is not gone.
INSERT OR IGNORE INTO temp.deleted_row (kind, id)
WITH gap AS MATERIALIZED (
  SELECT coalesce(
           (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
         ) AS after,
         coalesce(
           (SELECT s.rowid FROM temp.source_message_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
         ) AS until
    FROM temp.changed_range r
   WHERE r.width = 'wide'
)
SELECT 'message', o.id
  FROM gap g
 CROSS JOIN main.messages o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'reaction', o.id
  FROM gap g
 CROSS JOIN main.reactions o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND o.gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
-- By source_rowid, as they have no id of ours.
SELECT 'removal', o.source_rowid
  FROM gap g
 CROSS JOIN main.reaction_removals o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'event', o.id
  FROM gap g
 CROSS JOIN main.chat_events o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'waiting_' || p.kind, p.source_rowid
  FROM gap g
 CROSS JOIN (SELECT 'message' AS kind UNION ALL SELECT 'reaction') k
 CROSS JOIN main.pending_rows p ON p.kind = k.kind AND p.source_rowid > g.after AND p.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.rowid = p.source_rowid)

-- name: findListed
-- Where the WAL can't tell: the newest rows of the lists that Messages keeps of what it deleted.
INSERT OR IGNORE INTO temp.deleted_row (kind, id)
SELECT 'message', o.id
  FROM (
    SELECT guid FROM (SELECT d.guid FROM temp.source_deleted d ORDER BY d.rowid DESC LIMIT :limit + 0)
    UNION
    SELECT guid FROM (SELECT d.guid FROM temp.source_sync_deleted d ORDER BY d.rowid DESC LIMIT :limit + 0)
    UNION
    SELECT guid FROM (
      SELECT d.message_guid AS guid FROM temp.source_removed_recoverable d ORDER BY d.rowid DESC LIMIT :limit + 0
    )
     LIMIT -1
  ) listed
 CROSS JOIN main.messages o ON o.guid = listed.guid
 WHERE o.source_rowid IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM temp.source_message_guid s WHERE s.guid = o.guid)

-- name: findDeletedAttachments
-- Attachments that are gone, also those that wait; see findDeletedMessages.
INSERT OR IGNORE INTO temp.deleted_row (kind, id)
WITH gap AS MATERIALIZED (
  SELECT coalesce(
           (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
         ) AS after,
         coalesce(
           (SELECT s.rowid FROM temp.source_attachment_guid s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
         ) AS until
    FROM temp.changed_range r
   WHERE r.width = 'middle'
)
SELECT 'attachment', o.id
  FROM gap g
 CROSS JOIN main.attachments o ON o.source_rowid > g.after AND o.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.rowid = o.source_rowid)
   AND NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.guid = o.guid)
UNION ALL
SELECT 'waiting_attachment', p.source_rowid
  FROM gap g
 CROSS JOIN main.pending_rows p ON p.kind = 'attachment' AND p.source_rowid > g.after AND p.source_rowid < g.until
 WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment_guid s WHERE s.rowid = p.source_rowid)

-- name: findDeletedChats
-- Messages' chats that are gone; see findDeletedMessages.
INSERT OR IGNORE INTO temp.deleted_row (kind, id)
SELECT 'chat', o.source_rowid
  FROM temp.changed_range r
 CROSS JOIN main.source_chats o
    ON o.source_rowid > coalesce(
         (SELECT s.rowid FROM temp.source_chat s WHERE s.rowid < r.first ORDER BY s.rowid DESC LIMIT 1), -1
       )
   AND o.source_rowid < coalesce(
         (SELECT s.rowid FROM temp.source_chat s WHERE s.rowid > r.last ORDER BY s.rowid LIMIT 1), :most
       )
 WHERE r.width = 'middle'
   AND NOT EXISTS (SELECT 1 FROM temp.source_chat s WHERE s.rowid = o.source_rowid)

-- name: findOtherChats
-- Messages' chats at hand that are another chat than when they were last looked at: they have another identifier now, or
-- an older content was restored and their ROWIDs were given again. What they were is gone.
INSERT OR IGNORE INTO temp.deleted_row (kind, id)
SELECT 'chat', k.source_rowid
  FROM temp.candidate_chat k
 CROSS JOIN main.source_chats s ON s.source_rowid = k.source_rowid
 CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
 CROSS JOIN main.chats o ON o.id = s.chat_id
 WHERE o.chat_identifier <> coalesce(nullif(c.chat_identifier, ''), c.guid)

-- name: kindsDeleted
SELECT DISTINCT kind FROM temp.deleted_row

-- name: dropWaiting
-- What waited and is gone waits no more. Joined from what is gone: `IN` with two columns reads all that waits.
DELETE FROM main.pending_rows
 WHERE kind = :kind
   AND source_rowid IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'waiting_' || :kind)

-- name: deleteEdits
DELETE FROM main.message_edits WHERE message_id IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'message')

-- name: deleteMessages
-- The row stays, without what was said. In Recently Deleted before: it keeps the time of that.
UPDATE main.messages
   SET deleted_at = coalesce(deleted_at, :now),
       content = NULL,
       undecodable = 0,
       source_rowid = NULL
 WHERE id IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'message')

-- name: touchTapbacks
-- Before the rows go: whose tapbacks have to be settled anew.
INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT r.original_message_guid, r.original_part, r.sender_id
  FROM temp.deleted_row g
 CROSS JOIN main.reactions r ON r.id = g.id
 WHERE g.kind = 'reaction'
UNION
SELECT d.original_message_guid, d.original_part, d.sender_id
  FROM temp.deleted_row g
 CROSS JOIN main.reaction_removals d ON d.source_rowid = g.id
 WHERE g.kind = 'removal'

-- name: endReactions
UPDATE main.reactions SET gone_at = :now WHERE id IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'reaction')

-- name: deleteRemovals
DELETE FROM main.reaction_removals WHERE source_rowid IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'removal')

-- name: deleteEvents
DELETE FROM main.chat_events WHERE id IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'event')

-- name: deleteAttachments
-- The row stays, without what the file was called.
UPDATE main.attachments
   SET deleted_at = :now,
       file_name = NULL,
       path = NULL,
       source_rowid = NULL
 WHERE id IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'attachment')

-- name: touchChats
-- The other chats of Messages' that the same chat of ours stands for speak for it now.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
SELECT other.source_rowid
  FROM temp.deleted_row g
 CROSS JOIN main.source_chats s ON s.source_rowid = g.id
 CROSS JOIN main.source_chats other ON other.chat_id = s.chat_id
 WHERE g.kind = 'chat'
   AND EXISTS (SELECT 1 FROM temp.source_chat c WHERE c.rowid = other.source_rowid)

-- name: putFollowUps
-- What is in a chat of ours and stood in one of Messages' that is gone may be in another one: messages, happenings, and
-- tapbacks, which are found by their messages.
INSERT OR IGNORE INTO main.follow_ups (source_rowid)
WITH left_chat AS MATERIALIZED (
  SELECT DISTINCT s.chat_id
    FROM temp.deleted_row g
   CROSS JOIN main.source_chats s ON s.source_rowid = g.id
   WHERE g.kind = 'chat'
)
SELECT m.source_rowid
  FROM left_chat l
 CROSS JOIN main.messages m ON m.chat_id = l.chat_id
 WHERE m.source_rowid IS NOT NULL
UNION ALL
SELECT e.source_rowid
  FROM left_chat l
 CROSS JOIN main.chat_events e ON e.chat_id = l.chat_id
 WHERE e.source_rowid IS NOT NULL
UNION ALL
SELECT r.source_rowid
  FROM left_chat l
 CROSS JOIN main.messages m ON m.chat_id = l.chat_id
 CROSS JOIN main.reactions r ON r.original_message_guid = m.guid
 WHERE r.source_rowid IS NOT NULL
   AND r.chat_id = l.chat_id

-- name: deleteChats
-- A chat of ours is deleted when Messages has none left that it stands for.
UPDATE main.chats
   SET deleted_at = :now
 WHERE deleted_at IS NULL
   AND id IN (
     SELECT s.chat_id
       FROM temp.deleted_row g
      CROSS JOIN main.source_chats s ON s.source_rowid = g.id
      WHERE g.kind = 'chat'
   )
   AND NOT EXISTS (
     SELECT 1
       FROM main.source_chats other
      CROSS JOIN temp.source_chat c ON c.rowid = other.source_rowid
      WHERE other.chat_id = chats.id
        -- One that is there may be another chat now.
        AND NOT EXISTS (SELECT 1 FROM temp.deleted_row g WHERE g.kind = 'chat' AND g.id = other.source_rowid)
   )

-- name: forgetChats
DELETE FROM main.source_chats WHERE source_rowid IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'chat')

-- name: forgetMembers
DELETE FROM main.source_members WHERE source_chat IN (SELECT g.id FROM temp.deleted_row g WHERE g.kind = 'chat')

-- name: touchDisplacedChats
-- Who is in a chat has no ROWIDs of its own (chat_handle_join is not AUTOINCREMENT): one that was given back is given
-- again. A chat that lost its row so to one at hand is looked at as well: what it lost is noted nowhere afterwards.
INSERT OR IGNORE INTO temp.candidate_chat (source_rowid)
WITH RECURSIVE looked (chat) AS (
  SELECT source_rowid FROM temp.candidate_chat
  UNION
  SELECT m.source_chat
    FROM looked l
   CROSS JOIN temp.source_chat_handle_join j ON j.chat_id = l.chat
   CROSS JOIN main.source_members m ON m.source_rowid = j.rowid
   WHERE m.source_chat <> l.chat
)
SELECT l.chat FROM looked l WHERE EXISTS (SELECT 1 FROM temp.source_chat c WHERE c.rowid = l.chat)
