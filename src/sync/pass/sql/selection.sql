-- Which rows a pass looks at.

-- name: selectNew
-- New messages: above the watermark, in ROWID order, one slice.
INSERT INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT rowid, kind, source_chat, target_guid, target_part
  FROM temp.source_candidate
 WHERE rowid > :after
 ORDER BY rowid
 LIMIT :limit + 0

-- name: newestNew
-- The newest of the candidates, and how it is known again: nothing else than new messages is among them yet.
SELECT c.rowid, m.guid
  FROM (SELECT rowid FROM temp.candidate ORDER BY rowid DESC LIMIT 1) c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid

-- name: selectChanged
-- Known messages that commits may have changed. Those above the watermark come as new ones.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM temp.changed_row k
 CROSS JOIN temp.source_candidate c ON c.rowid = k.id
 WHERE k.width = 'wide'
   AND k.id <= :until

-- name: selectFollowUps
-- Messages that an earlier pass left for later, as it changed what they hang on.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (SELECT f.source_rowid FROM main.follow_ups f ORDER BY f.source_rowid LIMIT :limit + 0) f
 CROSS JOIN temp.source_candidate c ON c.rowid = f.source_rowid
 WHERE c.rowid <= :until

-- name: takeFollowUps
DELETE FROM main.follow_ups
 WHERE source_rowid IN (SELECT f.source_rowid FROM main.follow_ups f ORDER BY f.source_rowid LIMIT :limit + 0)

-- name: selectJoined
-- Messages that had no chat and have one now. The newest first: those are the ones that a join is likely to come for.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT p.source_rowid
      FROM (
        SELECT source_rowid FROM main.pending_rows WHERE kind = 'message' ORDER BY source_rowid DESC LIMIT :limit + 0
      ) p
     WHERE EXISTS (SELECT 1 FROM temp.source_chat_message_join j WHERE j.message_id = p.source_rowid)
        OR EXISTS (SELECT 1 FROM temp.source_recoverable_join r WHERE r.message_id = p.source_rowid)
     LIMIT -1
  ) joined
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.source_rowid

-- name: selectJoinedSince
-- Known messages that a join names which was written since: those with ROWIDs above the ones seen so far. They had no
-- chat and waited, came back from Recently Deleted, or are in one more chat. The cost is that of what is new, however
-- many wait. ORDER BY keeps SQLite to the ROWIDs: an index on the message would be read from end to end (200 ms with five
-- million).
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT * FROM (
      SELECT j.message_id AS rowid FROM temp.source_chat_message_join j WHERE j.rowid > :chats ORDER BY j.rowid LIMIT -1
    )
    UNION ALL
    SELECT * FROM (
      SELECT r.message_id FROM temp.source_recoverable_join r WHERE r.rowid > :recoverable ORDER BY r.rowid LIMIT -1
    )
  ) joined
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.rowid
 WHERE joined.rowid <= :until

-- name: selectJoinsChanged
-- Where it is not known which joins are new: the messages that joins name that commits may have changed.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT j.message_id AS rowid
      FROM temp.changed_row k
     CROSS JOIN temp.source_chat_message_join j ON j.rowid = k.id
     WHERE k.width = 'any'
    UNION
    SELECT r.message_id
      FROM temp.changed_row k
     CROSS JOIN temp.source_recoverable_join r ON r.rowid = k.id
     WHERE k.width = 'any'
     LIMIT -1
  ) joined
 CROSS JOIN temp.source_candidate c ON c.rowid = joined.rowid
 WHERE c.rowid <= :until

-- name: selectRecent
-- The newest messages that we have: what changes at all mostly changes soon (delivered, read, edited, text that comes late).
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT rowid, kind, source_chat, target_guid, target_part
  FROM temp.source_candidate
 WHERE rowid <= :until
 ORDER BY rowid DESC
 LIMIT :limit + 0

-- name: selectTapbacksOfNew
-- Tapbacks that waited for a message of this very pass.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT t.rowid, t.kind, t.source_chat, t.target_guid, t.target_part
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
 CROSS JOIN main.pending_rows p ON p.waits_for = m.guid AND p.kind = 'reaction'
 CROSS JOIN temp.source_candidate t ON t.rowid = p.source_rowid
 WHERE c.kind = 'message'

-- name: selectTapbacksWaiting
-- Tapbacks that wait although their message is here: a slice of a sweep over all that wait.
INSERT OR IGNORE INTO temp.candidate (rowid, kind, source_chat, target_guid, target_part)
SELECT c.rowid, c.kind, c.source_chat, c.target_guid, c.target_part
  FROM (
    SELECT p.source_rowid
      FROM main.pending_rows p
     WHERE p.kind = 'reaction'
       AND p.source_rowid > :after
       AND EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = p.waits_for)
     ORDER BY p.source_rowid
     LIMIT :limit + 0
  ) waiting
 CROSS JOIN temp.source_candidate c ON c.rowid = waiting.source_rowid

-- name: lastTapbackWaiting
-- Last of the slice that selectTapbacksWaiting takes, if the slice is full; NULL: the sweep is through.
SELECT CASE WHEN count(*) = :limit THEN max(source_rowid) END AS top
  FROM (
    SELECT p.source_rowid
      FROM main.pending_rows p
     WHERE p.kind = 'reaction'
       AND p.source_rowid > :after
       AND EXISTS (SELECT 1 FROM main.messages m WHERE m.guid = p.waits_for)
     ORDER BY p.source_rowid
     LIMIT :limit + 0
  )

-- name: kindsWaiting
-- What waits at all, so that a pass need not look for those that waited where nothing does.
SELECT EXISTS (SELECT 1 FROM main.pending_rows WHERE kind = 'message') AS messages,
       EXISTS (SELECT 1 FROM main.pending_rows WHERE kind = 'reaction') AS reactions,
       EXISTS (SELECT 1 FROM main.follow_ups) AS follow_ups

-- name: kindsSelected
-- What is among the candidates, so that a pass need not run statements over what is not.
SELECT coalesce(max(kind = 'message'), 0) AS messages,
       coalesce(max(kind = 'event'), 0) AS events,
       coalesce(max(kind IN ('reaction', 'removal')), 0) AS tapbacks,
       coalesce(max(source_chat IS NULL), 0) AS chatless
  FROM temp.candidate

-- name: dropDeletedWaiting
-- What waited and was deleted in the source waits no more; of each kind the newest :limit are looked at.
DELETE FROM main.pending_rows
 WHERE (kind, source_rowid) IN (
   SELECT kind, source_rowid
     FROM (
       SELECT * FROM (
         SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'message' ORDER BY source_rowid DESC LIMIT :limit + 0
       )
       UNION ALL
       SELECT * FROM (
         SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'reaction' ORDER BY source_rowid DESC LIMIT :limit + 0
       )
     ) p
    WHERE NOT EXISTS (SELECT 1 FROM temp.source_message m WHERE m.rowid = p.source_rowid)
   UNION ALL
   SELECT kind, source_rowid
     FROM (
       SELECT kind, source_rowid FROM main.pending_rows WHERE kind = 'attachment' ORDER BY source_rowid DESC LIMIT :limit + 0
     ) p
    WHERE NOT EXISTS (SELECT 1 FROM temp.source_attachment a WHERE a.rowid = p.source_rowid)
 )

-- name: markRecentlyDeleted
-- A message in no chat may be in Recently Deleted: then it belongs to the (lowest) chat that it was deleted from.
UPDATE temp.candidate
   SET source_chat = (
         SELECT min(r.chat_id)
           FROM temp.source_recoverable_join r
          CROSS JOIN temp.source_chat c ON c.rowid = r.chat_id
          WHERE r.message_id = candidate.rowid
       ),
       deleted_at = (SELECT min(r.delete_date) FROM temp.source_recoverable_join r WHERE r.message_id = candidate.rowid)
 WHERE source_chat IS NULL
