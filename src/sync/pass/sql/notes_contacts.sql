SELECT n.id,
       n.before,
       json_object('name', c.name, 'nickname', c.nickname, 'organization', c.organization) AS now,
       coalesce(
         (SELECT json_group_array(i.identifier) FROM main.contact_identifiers i WHERE i.contact_id = c.id), '[]'
       ) AS identifiers,
       coalesce(
         (SELECT json_group_array(p.chat_id) FROM main.chat_participants p WHERE p.contact_id = c.id), '[]'
       ) AS chats
  FROM temp.note n
 CROSS JOIN main.contacts c ON c.id = n.id
 WHERE n.kind = 'contact'
 ORDER BY n.seq
