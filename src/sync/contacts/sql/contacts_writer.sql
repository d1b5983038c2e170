-- Names of contacts, and shared identifiers.

-- name: setName
UPDATE main.contacts
   SET name = :name,
       name_source = :source,
       nickname = :nickname,
       organization = :organization,
       data_source = iif(:source = 'addressbook', 'addressbook', data_source),
       last_updated = :now
 WHERE id = :contact

-- name: setUserName
-- NULL takes the choice back; the name stays until the next plan says what the contact is called.
UPDATE main.contacts
   SET user_name = :name,
       name = coalesce(:name, name),
       name_source = iif(:name IS NULL, name_source, 'user'),
       last_updated = :now
 WHERE id = :contact

-- name: setShared
UPDATE main.contact_identifiers SET is_shared = :shared WHERE id = :identifier
