UPDATE main.reactions
   SET removed_at = (SELECT s.removed_at FROM temp.settled s WHERE s.id = reactions.id)
 WHERE id IN (SELECT s.id FROM temp.settled s)
