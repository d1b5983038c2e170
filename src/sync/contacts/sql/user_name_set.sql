-- NULL takes the choice back; the name stays until the next plan says what the contact is called.
UPDATE main.contacts
   SET user_name = :name,
       name = coalesce(:name, name),
       name_source = iif(:name IS NULL, name_source, 'user'),
       last_updated = :now
 WHERE id = :contact
