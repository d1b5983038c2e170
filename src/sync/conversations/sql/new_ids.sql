UPDATE temp.conversation_group
   SET conversation_id = given.id
  FROM (
    SELECT range_id,
           number,
           coalesce((SELECT max(id) FROM main.conversations), 0) + row_number() OVER (ORDER BY range_id, number) AS id
      FROM temp.conversation_group
     WHERE conversation_id IS NULL
  ) given
 WHERE given.range_id = conversation_group.range_id AND given.number = conversation_group.number
