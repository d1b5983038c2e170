UPDATE main.contact_identifiers SET is_shared = :shared WHERE id = :identifier
