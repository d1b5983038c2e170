-- The name that came with the merge goes with the undo, unless the person has chosen another one since.
UPDATE main.contacts
   SET user_name = NULL,
       name = :name,
       name_source = :source,
       last_updated = :now
 WHERE id = :into
   AND user_name = (SELECT f.user_name FROM main.contacts f WHERE f.id = :from)
