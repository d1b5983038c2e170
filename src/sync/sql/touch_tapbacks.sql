INSERT INTO temp.touched_tapback (original_message_guid, original_part, sender_id)
SELECT DISTINCT c.target_guid,
       c.target_part,
       coalesce(r.sender_id, d.sender_id)
  FROM temp.candidate c
 CROSS JOIN temp.source_message m ON m.rowid = c.rowid
  LEFT JOIN main.reactions r ON r.guid = m.guid
  LEFT JOIN main.reaction_removals d ON d.guid = m.guid
 WHERE c.kind IN ('reaction', 'removal')
   AND (r.guid IS NOT NULL OR d.guid IS NOT NULL)
