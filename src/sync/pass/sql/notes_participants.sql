SELECT n.id AS chat_id,
       n.other_id AS contact_id,
       n.before IS NOT NULL AS was_in,
       EXISTS (SELECT 1 FROM main.chat_participants p WHERE p.chat_id = n.id AND p.contact_id = n.other_id) AS is_in
  FROM temp.note n
 WHERE n.kind = 'participant'
   AND NOT EXISTS (SELECT 1 FROM temp.note c WHERE c.kind = 'chat' AND c.id = n.id AND c.before IS NULL)
 ORDER BY n.seq
