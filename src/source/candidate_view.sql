-- What each source message is, and which chat it is in. A message may be in several chats: the lowest that exists counts.
CREATE TEMP VIEW source_candidate AS
SELECT m.rowid AS rowid,
       CASE
         WHEN coalesce(m.item_type, 0) <> 0 THEN 'event'
         WHEN m.associated_message_type BETWEEN 2000 AND 2007 OR m.associated_message_type = 1000 THEN 'reaction'
         WHEN m.associated_message_type BETWEEN 3000 AND 3007 THEN 'removal'
         ELSE 'message'
       END AS kind,
       (
         SELECT min(j.chat_id)
           FROM source_chat_message_join j
          CROSS JOIN source_chat c ON c.rowid = j.chat_id
          WHERE j.message_id = m.rowid
       ) AS source_chat,
       CASE
         WHEN m.associated_message_guid IS NULL THEN NULL
         WHEN m.associated_message_guid GLOB 'p:[0-9]*/*'
           THEN substr(m.associated_message_guid, instr(m.associated_message_guid, '/') + 1)
         WHEN m.associated_message_guid GLOB 'bp:*' THEN substr(m.associated_message_guid, 4)
         ELSE m.associated_message_guid
       END AS target_guid,
       CASE
         WHEN m.associated_message_guid IS NULL THEN NULL
         WHEN m.associated_message_guid GLOB 'p:[0-9]*/*'
           THEN CAST(substr(m.associated_message_guid, 3, instr(m.associated_message_guid, '/') - 3) AS INTEGER)
         ELSE 0
       END AS target_part
  FROM source_message m;

-- What a chat says of itself, as text to compare.
CREATE TEMP VIEW source_chat_said AS
SELECT c.rowid AS rowid,
       quote(c.guid) || quote(c.style) || quote(c.chat_identifier) || quote(c.service_name) || quote(c.display_name)
         || quote(c.is_archived) AS said
  FROM source_chat c;

-- To find a row by its GUID: what a view makes of a column can't be looked up in an index.
CREATE TEMP VIEW source_message_guid AS SELECT m.rowid AS rowid, m.guid FROM source.message m;
CREATE TEMP VIEW source_attachment_guid AS SELECT a.rowid AS rowid, a.guid FROM source.attachment a;
