UPDATE main.contacts
   SET name = :name,
       name_source = :source,
       nickname = :nickname,
       organization = :organization,
       data_source = iif(:source = 'addressbook', 'addressbook', data_source),
       last_updated = :now
 WHERE id = :contact
