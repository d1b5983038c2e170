-- One contact as the API gives it. `merged_into` is NULL in lists: those who were merged away stand in none.
-- `messages`: in the chats that the contact takes part in, from their counters: to count those of a sender would need an
-- index that the first import does without. NULL for me, who am in every chat.
-- json((SELECT …)): SQLite 3.54 takes what a scalar subquery gives for a text, not for JSON.
SELECT json_object(
         'id', c.id,
         'name', c.name,
         'name_source', c.name_source,
         'nickname', c.nickname,
         'organization', c.organization,
         'is_me', json(iif(c.is_me, 'true', 'false')),
         'data_source', c.data_source,
         'merged_into', c.merged_into,
         'last_updated', c.last_updated,
         'messages', (
           SELECT sum(h.total_messages)
             FROM main.chat_participants p
             JOIN main.chats h ON h.id = p.chat_id
            WHERE p.contact_id = c.id
         ),
         'identifiers', json((
           SELECT json_group_array(
                    json_object(
                      'id', i.id,
                      'identifier', i.identifier,
                      'type', i.type,
                      'is_primary', json(iif(i.is_primary, 'true', 'false')),
                      'is_shared', json(iif(i.is_shared, 'true', 'false')),
                      'last_used', i.last_used
                    ) ORDER BY i.id
                  )
             FROM main.contact_identifiers i
            WHERE i.contact_id = c.id
         ))
       ) AS item
  FROM main.contacts c
 WHERE c.id = :id
