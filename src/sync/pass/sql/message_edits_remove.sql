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
