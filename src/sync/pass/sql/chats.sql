-- One chat of ours for all source chats of one chat_identifier (iMessage, SMS and RCS with one address are one chat).
-- Of those the newest speaks, for the name the newest that has one;
-- archived is what is archived on all services.
INSERT INTO main.chats (chat_identifier, chat_name, is_group, service_name, peer_identifier_id, is_archived)
SELECT identity,
       CASE WHEN is_group THEN display_name ELSE coalesce(contact_name, identity) END,
       is_group,
       service_name,
       peer,
       is_archived
  FROM (
    SELECT coalesce(nullif(c.chat_identifier, ''), c.guid) AS identity,
           max(coalesce(c.style, 0) = 43) AS is_group,
           (SELECT nullif(n.display_name, '') FROM temp.source_chat n
             WHERE (n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier))
               AND n.display_name <> ''
             ORDER BY n.rowid DESC LIMIT 1) AS display_name,
           (SELECT n.service_name FROM temp.source_chat n
             WHERE n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier)
             ORDER BY n.rowid DESC LIMIT 1) AS service_name,
           (SELECT min(coalesce(n.is_archived, 0) <> 0) FROM temp.source_chat n
             WHERE n.rowid = c.rowid OR (c.chat_identifier <> '' AND n.chat_identifier = c.chat_identifier)
           ) AS is_archived,
           i.id AS peer,
           p.name AS contact_name
      FROM temp.candidate_chat k
     CROSS JOIN temp.source_chat c ON c.rowid = k.source_rowid
      LEFT JOIN main.contact_identifiers i
        ON coalesce(c.style, 0) <> 43
       AND i.type = identifier_type(c.chat_identifier, :region)
       AND i.identifier = identifier(c.chat_identifier, :region)
      LEFT JOIN main.contacts p ON p.id = i.contact_id
     GROUP BY identity
     LIMIT -1
  )
 WHERE true
ON CONFLICT (chat_identifier) DO UPDATE
   SET chat_name = excluded.chat_name,
       is_group = excluded.is_group,
       service_name = excluded.service_name,
       peer_identifier_id = excluded.peer_identifier_id,
       is_archived = excluded.is_archived,
       deleted_at = NULL
 WHERE (chat_name, is_group, service_name, peer_identifier_id, is_archived, deleted_at)
       IS NOT (excluded.chat_name, excluded.is_group, excluded.service_name, excluded.peer_identifier_id,
               excluded.is_archived, NULL)
