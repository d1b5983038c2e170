-- A page of contacts by name; (:name, :id) is where the page before ended. :like NULL: all of them.
SELECT c.id,
       c.name,
       json_object(
         'id', c.id,
         'name', c.name,
         'name_source', c.name_source,
         'nickname', c.nickname,
         'organization', c.organization,
         'is_me', json(iif(c.is_me, 'true', 'false')),
         'data_source', c.data_source,
         'last_updated', c.last_updated,
         'identifiers', (
           SELECT json_group_array(json_object(
                    'id', i.id,
                    'identifier', i.identifier,
                    'type', i.type,
                    'is_primary', json(iif(i.is_primary, 'true', 'false')),
                    'is_shared', json(iif(i.is_shared, 'true', 'false')),
                    'last_used', i.last_used
                  ))
             FROM (SELECT * FROM contact_identifiers n WHERE n.contact_id = c.id ORDER BY n.id) i
         )
       ) AS item
  FROM contacts c
 WHERE c.merged_into IS NULL
   AND (c.name COLLATE NOCASE, c.id) > (:name, :id)
   AND (
     :like IS NULL
     OR c.name LIKE :like ESCAPE '\'
     OR c.nickname LIKE :like ESCAPE '\'
     OR c.organization LIKE :like ESCAPE '\'
     OR EXISTS (SELECT 1 FROM contact_identifiers s WHERE s.contact_id = c.id AND s.identifier LIKE :like ESCAPE '\')
   )
 ORDER BY c.name COLLATE NOCASE, c.id
 LIMIT :limit
