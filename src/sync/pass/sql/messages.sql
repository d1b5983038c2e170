-- Messages, group happenings and edits.

-- name: putMessages
-- The one statement for import, catch-up and live: only the set of candidates differs.
-- macOS 26 tells of an unsend in message_summary_info alone; it came with the last change then.
-- LIMIT -1 keeps SQLite from flattening the inner query, which would decode every body twice.
INSERT INTO main.messages (
  guid, source_rowid, chat_id, sender_id, sender_identifier_id, content, timestamp, is_from_me, message_type,
  service_name, reply_to_guid, date_read, date_delivered, date_edited, date_retracted, deleted_at, undecodable, send_error
)
SELECT guid,
       rowid,
       chat_id,
       CASE WHEN is_from_me THEN 1 ELSE contact_id END,
       CASE WHEN is_from_me THEN NULL ELSE identifier_id END,
       nullif(content, ''),
       timestamp,
       is_from_me,
       CASE
         WHEN associated_message_type = 4000 THEN 'poll_vote'
         WHEN balloon_bundle_id GLOB '*URLBalloonProvider' THEN 'link'
         WHEN balloon_bundle_id <> '' THEN 'app'
         WHEN is_audio_message THEN 'audio'
         WHEN cache_has_attachments AND content = '' THEN 'attachment'
         ELSE 'text'
       END,
       service,
       nullif(thread_originator_guid, ''),
       date_read,
       date_delivered,
       date_edited,
       date_retracted,
       deleted_at,
       content IS NULL,
       CASE WHEN is_from_me THEN nullif(error, 0) END
  FROM (
    SELECT m.guid,
           c.rowid AS rowid,
           s.chat_id,
           i.contact_id,
           i.id AS identifier_id,
           CASE
             WHEN m.text <> '' THEN replace(m.text, char(0xFFFC), '')
             WHEN length(m.attributedBody) > 0 THEN body_text(m.attributedBody)
             ELSE ''
           END AS content,
           m.date AS timestamp,
           coalesce(m.is_from_me, 0) <> 0 AS is_from_me,
           m.associated_message_type,
           m.balloon_bundle_id,
           m.is_audio_message,
           m.cache_has_attachments,
           m.service,
           m.thread_originator_guid,
           m.date_read,
           m.date_delivered,
           m.date_edited,
           coalesce(
             m.date_retracted,
             CASE WHEN m.date_edited IS NOT NULL AND tells_unsend(m.message_summary_info) THEN m.date_edited END
           ) AS date_retracted,
           m.error,
           c.deleted_at
      FROM temp.candidate c
     CROSS JOIN temp.source_message m ON m.rowid = c.rowid
     CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
     CROSS JOIN main.chats o ON o.id = s.chat_id
      LEFT JOIN main.source_handles h ON h.source_rowid = m.handle_id
      LEFT JOIN main.contact_identifiers i ON i.id = coalesce(h.identifier_id, o.peer_identifier_id)
     WHERE c.kind = 'message'
     LIMIT -1
  )
 WHERE true
ON CONFLICT DO UPDATE
   SET source_rowid = excluded.source_rowid,
       chat_id = excluded.chat_id,
       sender_id = excluded.sender_id,
       sender_identifier_id = excluded.sender_identifier_id,
       content = excluded.content,
       timestamp = excluded.timestamp,
       is_from_me = excluded.is_from_me,
       message_type = excluded.message_type,
       service_name = excluded.service_name,
       reply_to_guid = excluded.reply_to_guid,
       date_read = excluded.date_read,
       date_delivered = excluded.date_delivered,
       date_edited = excluded.date_edited,
       date_retracted = excluded.date_retracted,
       deleted_at = excluded.deleted_at,
       undecodable = excluded.undecodable,
       send_error = excluded.send_error
 WHERE (
         source_rowid, chat_id, sender_id, sender_identifier_id, content, timestamp, is_from_me, message_type,
         service_name, reply_to_guid, date_read, date_delivered, date_edited, date_retracted, deleted_at, undecodable,
         send_error
       ) IS NOT (
         excluded.source_rowid, excluded.chat_id, excluded.sender_id, excluded.sender_identifier_id,
         excluded.content, excluded.timestamp, excluded.is_from_me, excluded.message_type, excluded.service_name,
         excluded.reply_to_guid, excluded.date_read, excluded.date_delivered, excluded.date_edited,
         excluded.date_retracted, excluded.deleted_at, excluded.undecodable, excluded.send_error
       )

-- name: putChatEvents
INSERT INTO main.chat_events (
  guid, source_rowid, chat_id, actor_id, actor_identifier_id, member_id, member_identifier_id, kind, title, timestamp
)
SELECT m.guid,
       c.rowid,
       s.chat_id,
       CASE WHEN m.is_from_me THEN 1 ELSE actor.contact_id END,
       CASE WHEN m.is_from_me THEN NULL ELSE actor.id END,
       member.contact_id,
       member.id,
       CASE m.item_type
         WHEN 1 THEN iif(m.group_action_type = 1, 'member_removed', 'member_added')
         WHEN 2 THEN 'renamed'
         WHEN 3 THEN CASE m.group_action_type
           WHEN 0 THEN 'left'
           WHEN 1 THEN 'photo_changed'
           WHEN 2 THEN 'photo_removed'
           WHEN 4 THEN 'background_changed'
           WHEN 6 THEN 'background_removed'
           ELSE 'other_3_' || m.group_action_type
         END
         WHEN 4 THEN 'location_sharing'
         WHEN 5 THEN 'audio_kept'
         WHEN 6 THEN 'call'
         ELSE 'other_' || m.item_type
       END,
       nullif(m.group_title, ''),
       m.date
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
  LEFT JOIN main.source_handles ah ON ah.source_rowid = m.handle_id
  LEFT JOIN main.contact_identifiers actor ON actor.id = ah.identifier_id
  LEFT JOIN main.source_handles mh ON mh.source_rowid = m.other_handle
  LEFT JOIN main.contact_identifiers member ON member.id = mh.identifier_id
 WHERE c.kind = 'event'
ON CONFLICT (guid) DO UPDATE
   SET source_rowid = excluded.source_rowid,
       chat_id = excluded.chat_id,
       actor_id = excluded.actor_id,
       actor_identifier_id = excluded.actor_identifier_id,
       member_id = excluded.member_id,
       member_identifier_id = excluded.member_identifier_id,
       kind = excluded.kind,
       title = excluded.title,
       timestamp = excluded.timestamp
 WHERE (source_rowid, chat_id, actor_id, actor_identifier_id, member_id, member_identifier_id, kind, title, timestamp)
       IS NOT (excluded.source_rowid, excluded.chat_id, excluded.actor_id, excluded.actor_identifier_id,
               excluded.member_id, excluded.member_identifier_id, excluded.kind, excluded.title,
               excluded.timestamp)

-- name: findEdited
-- Messages at hand that were edited or unsent. In the first part of the import (:indexed = 0) there is no index to look
-- them up by: they are the rows behind :last.
INSERT INTO temp.edited (message_id, source_rowid)
SELECT o.id, c.rowid
  FROM temp.candidate c
 CROSS JOIN main.messages o ON o.source_rowid = c.rowid
 WHERE :indexed
   AND c.kind = 'message'
   AND (
     o.date_edited IS NOT NULL
     OR o.date_retracted IS NOT NULL
     OR EXISTS (SELECT 1 FROM main.message_edits e WHERE e.message_id = o.id)
   )
UNION ALL
SELECT o.id, o.source_rowid
  FROM main.messages o
 WHERE NOT :indexed
   AND o.id > :last
   AND (o.date_edited IS NOT NULL OR o.date_retracted IS NOT NULL)

-- name: findEditVersions
INSERT INTO temp.edit_version (message_id, part, version, content, edited_at)
SELECT k.message_id,
       json_extract(v.value, '$.part'),
       json_extract(v.value, '$.version'),
       json_extract(v.value, '$.content'),
       json_extract(v.value, '$.edited_at')
  FROM temp.edited k
 CROSS JOIN temp.source_message m ON m.rowid = k.source_rowid
 CROSS JOIN json_each(edit_versions(m.message_summary_info)) v

-- name: removeEdits
-- Of parts that were unsent nothing is kept.
DELETE FROM main.message_edits
 WHERE message_id IN (SELECT k.message_id FROM temp.edited k)
   AND NOT EXISTS (
     SELECT 1
       FROM temp.edit_version v
      WHERE v.message_id = message_edits.message_id
        AND v.part = message_edits.part
        AND v.version = message_edits.version
   )

-- name: putEdits
INSERT INTO main.message_edits (message_id, part, version, content, edited_at)
SELECT v.message_id, v.part, v.version, v.content, v.edited_at
  FROM temp.edit_version v
 WHERE true
ON CONFLICT (message_id, part, version) DO UPDATE SET content = excluded.content, edited_at = excluded.edited_at
 WHERE (content, edited_at) IS NOT (excluded.content, excluded.edited_at)

-- name: putPending
-- Without a chat a message waits here, counted and looked at again at every pass, and holds up nobody.
-- :indexed is 0 in the first part of the import: nothing that we have already can turn up then, and there is no index
-- to ask.
INSERT INTO main.pending_rows (kind, source_rowid, first_seen, reason)
SELECT 'message', c.rowid, :now, 'no chat yet'
  FROM temp.candidate c
 WHERE c.kind IN ('message', 'event')
   AND (
     c.source_chat IS NULL
     OR c.source_chat IN (
       SELECT k.source_rowid FROM temp.candidate_chat k
        WHERE NOT EXISTS (SELECT 1 FROM main.source_chats s WHERE s.source_rowid = k.source_rowid)
     )
   )
   AND NOT (:indexed AND (
     EXISTS (SELECT 1 FROM temp.source_message s CROSS JOIN main.messages m ON m.guid = s.guid WHERE s.rowid = c.rowid)
     OR EXISTS (SELECT 1 FROM temp.source_message s CROSS JOIN main.chat_events e ON e.guid = s.guid WHERE s.rowid = c.rowid)
   ))
ON CONFLICT DO NOTHING

-- name: dropPending
DELETE FROM main.pending_rows
 WHERE kind = 'message'
   AND source_rowid IN (
     SELECT c.rowid FROM temp.candidate c CROSS JOIN main.source_chats s ON s.source_rowid = c.source_chat
   )

-- name: countSliceOfChats
-- What the counting trigger does row by row, for all messages that a slice of the import brought.
UPDATE main.chats
   SET total_messages = total_messages + slice.total,
       created_date = coalesce(min(created_date, slice.oldest), created_date, slice.oldest),
       last_message_date = coalesce(max(last_message_date, slice.newest), last_message_date, slice.newest)
  FROM (
    SELECT chat_id,
           count(*) FILTER (WHERE deleted_at IS NULL) AS total,
           min(timestamp) AS oldest,
           max(timestamp) FILTER (WHERE deleted_at IS NULL) AS newest
      FROM main.messages
     WHERE id > :after
     GROUP BY chat_id
  ) slice
 WHERE slice.chat_id = chats.id

-- name: countSliceOfIdentifiers
UPDATE main.contact_identifiers
   SET last_used = coalesce(max(last_used, slice.newest), last_used, slice.newest)
  FROM (
    SELECT sender_identifier_id, max(timestamp) AS newest
      FROM main.messages
     WHERE id > :after
       AND sender_identifier_id IS NOT NULL
     GROUP BY sender_identifier_id
  ) slice
 WHERE slice.sender_identifier_id = contact_identifiers.id
