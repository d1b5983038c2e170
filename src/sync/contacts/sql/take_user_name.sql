-- A person's own name outlives the merge of the contact that had it.
UPDATE main.contacts
   SET user_name = f.user_name,
       name = f.user_name,
       name_source = 'user',
       last_updated = :now
  FROM (SELECT user_name FROM main.contacts WHERE id = :from) f
 WHERE contacts.id = :into
   AND contacts.user_name IS NULL
   AND f.user_name IS NOT NULL
