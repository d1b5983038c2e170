UPDATE main.contact_identifiers SET contact_id = :into, is_primary = 0 WHERE contact_id = :from
