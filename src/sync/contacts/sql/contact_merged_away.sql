-- What had been merged into it goes along: merged_into always names a contact that stands for itself.
UPDATE main.contacts
   SET merged_into = :into,
       last_updated = :now
 WHERE id = :from OR merged_into = :from
